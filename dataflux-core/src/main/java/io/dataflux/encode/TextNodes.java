package io.dataflux.encode;

import io.dataflux.encode.Node.Choice;
import io.dataflux.json.Json;
import io.dataflux.json.Literal;
import io.dataflux.json.SecondText;
import io.dataflux.json.Unescape;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.schedule.Identity;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes whose value is text, or one of a few known values. */
final class TextNodes {

    /** Entries up to this size are stored in slots of equal size and copied eight bytes at a time, regardless of their length. */
    private static final int LARGEST_SLOT = 40;

    private TextNodes() {}

    /**
     * One of a list of values, each ready as JSON: entry {@code i} starts at {@code i * slot}, or at {@code starts[i]} if
     * entries are too long for slots. Without an alias table all entries are equally likely.
     */
    record Dictionary(
            long salt,
            byte[] bytes,
            int slot,
            int[] starts,
            int[] lengths,
            @Nullable Alias alias,
            List<Object> values) implements Choice {

        static Dictionary of(long salt, List<Object> values, @Nullable Alias alias) {
            int n = values.size();
            byte[][] texts = new byte[n][];
            int[] lengths = new int[n];
            int[] starts = new int[n];
            int most = 0;
            int sum = 0;
            for (int i = 0; i < n; i++) {
                texts[i] = json(values.get(i));
                lengths[i] = texts[i].length;
                starts[i] = sum;
                sum += lengths[i];
                most = Math.max(most, lengths[i]);
            }
            int slot = most <= LARGEST_SLOT ? (most + 7) / 8 * 8 : 0;
            byte[] bytes = new byte[(slot > 0 ? n * slot : sum) + Json.SLACK];
            for (int i = 0; i < n; i++) {
                System.arraycopy(texts[i], 0, bytes, slot > 0 ? i * slot : starts[i], lengths[i]);
            }
            return new Dictionary(salt, bytes, slot, starts, lengths, alias, values);
        }

        private static byte[] json(Object value) {
            String text = plain(value);
            return value instanceof String ? Json.quoted(text) : Json.utf8(text);
        }

        private static String plain(Object value) {
            return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        }

        @Override
        public int choice(EventState s) {
            if (lengths.length == 1) {
                return 0;
            }
            long word = Node.draw(s, salt);
            return alias != null ? alias.index(word) : Alias.uniform(word, lengths.length);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return write(choice(s), b, at);
        }

        int write(int i, byte[] b, int at) {
            int length = lengths[i];
            if (slot == 0) {
                System.arraycopy(bytes, starts[i], b, at, length);
            } else {
                int from = i * slot;
                for (int j = 0; j < slot; j += 8) {
                    Json.putLong(b, at + j, Json.getLong(bytes, from + j));
                }
            }
            return at + length;
        }

        @Override
        public Object value(EventState s) {
            return values.get(choice(s));
        }

        @Override
        public int choices() {
            return lengths.length;
        }

        @Override
        public String choiceText(int choice) {
            return plain(values.get(choice));
        }

        @Override
        public int maxBytes() {
            return Arrays.stream(lengths).max().orElse(0);
        }
    }

    /** One of a few texts, by the choice of another node: a variant of constants. */
    record Mapped(Choice by, int[] map, Dictionary texts) implements Choice {
        /** @param constants a dictionary with one text for each choice */
        static Mapped of(Choice by, List<Dictionary> constants) {
            List<Object> different = new ArrayList<>();
            int[] map = new int[constants.size()];
            for (int i = 0; i < map.length; i++) {
                Object value = constants.get(i).values().get(0);
                map[i] = different.indexOf(value);
                if (map[i] < 0) {
                    map[i] = different.size();
                    different.add(value);
                }
            }
            return new Mapped(by, map, Dictionary.of(0, different, null));
        }

        @Override
        public int choice(EventState s) {
            return map[by.choice(s)];
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return texts.write(choice(s), b, at);
        }

        @Override
        public Object value(EventState s) {
            return texts.values().get(choice(s));
        }

        @Override
        public int choices() {
            return texts.choices();
        }

        @Override
        public String choiceText(int choice) {
            return texts.choiceText(choice);
        }

        @Override
        public int maxBytes() {
            return texts.maxBytes();
        }
    }

    /** True in a share of events. */
    record Bool(long salt, int truePpm) implements Choice {
        private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
        private static final long FALSE = 'f' | 'a' << 8 | 'l' << 16 | (long) 's' << 24 | (long) 'e' << 32;

        @Override
        public int choice(EventState s) {
            return Node.hit(s, salt, truePpm) ? 1 : 0;
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            boolean is = choice(s) == 1;
            Json.putLong(b, at, is ? TRUE : FALSE);
            return at + (is ? 4 : 5);
        }

        @Override
        public Object value(EventState s) {
            return choice(s) == 1;
        }

        @Override
        public int choices() {
            return 2;
        }

        @Override
        public String choiceText(int choice) {
            return choice == 1 ? "true" : "false";
        }

        @Override
        public int maxBytes() {
            return 5;
        }
    }

    /** How often a pattern has a gap <code>{}</code>; patterns need one, of which their number or id can be read back. */
    static int gaps(String pattern) {
        return pattern.split("\\{}", -1).length - 1;
    }

    /** A JSON string's text before and after a gap <code>{}</code>, each with its quote. */
    static Literal[] around(String pattern) {
        int gap = pattern.indexOf("{}");
        byte[] before = Json.quoted(pattern.substring(0, gap));
        byte[] after = Json.quoted(pattern.substring(gap + 2));
        return new Literal[] {
            Literal.of(Arrays.copyOf(before, before.length - 1)), Literal.of(Arrays.copyOfRange(after, 1, after.length))
        };
    }

    /** The number of the entity between two texts. */
    record KeyText(Literal before, Literal after) implements Node {
        /** @param pattern has a gap <code>{}</code> */
        static KeyText of(String pattern) {
            Literal[] around = around(pattern);
            return new KeyText(around[0], around[1]);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return after.write(b, Json.natural(b, before.write(b, at), s.slot.entity));
        }

        @Override
        public Object value(EventState s) {
            return TextNodes.value(this, s);
        }

        @Override
        public int maxBytes() {
            return before.length() + 20 + after.length();
        }
    }

    /** The key's text as one of a few known values, for streams with few entities, so that variants can depend on it. */
    record KeyChoice(KeyText key, int choices, List<String> texts) implements Choice {
        static KeyChoice of(KeyText key, int entities) {
            EventState s = new EventState();
            List<String> texts = new ArrayList<>(entities);
            for (int entity = 0; entity < entities; entity++) {
                s.slot.entity = entity;
                texts.add(TextNodes.value(key, s));
            }
            return new KeyChoice(key, entities, List.copyOf(texts));
        }

        @Override
        public int choice(EventState s) {
            return (int) s.slot.entity;
        }

        @Override
        public String choiceText(int choice) {
            return texts.get(choice);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return key.write(s, b, at);
        }

        @Override
        public Object value(EventState s) {
            return texts.get(choice(s));
        }

        @Override
        public int maxBytes() {
            return key.maxBytes();
        }
    }

    /** The identity as a UUID between two texts. */
    record Id(Literal before, Literal after) implements Node {
        /** @param pattern has a gap <code>{}</code> */
        static Id of(String pattern) {
            Literal[] around = around(pattern);
            return new Id(around[0], around[1]);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            int start = before.write(b, at);
            long word = s.ids.word(s.sequence);
            return after.write(b, Json.uuid(b, start, Identity.msb(word), s.ids.lsb(word)));
        }

        @Override
        public Object value(EventState s) {
            return TextNodes.value(this, s);
        }

        @Override
        public int maxBytes() {
            return before.length() + 36 + after.length();
        }
    }

    /** The identity as a number of 62 bits. */
    record LongId(boolean number) implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            long id = s.ids.longId(s.sequence);
            return number ? Json.number(b, at, id) : NumberNodes.quotedNumber(b, at, id);
        }

        @Override
        public Object value(EventState s) {
            return s.ids.longId(s.sequence);
        }

        @Override
        public int maxBytes() {
            return 21;
        }
    }

    /** The event time. */
    record Time(TimeFormat format) implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            switch (format) {
                case EPOCH_MILLIS:
                    return Json.number(b, at, s.epochSecond * 1000 + s.nano / 1_000_000);
                case ISO_SECONDS:
                    s.secondText.write(s.epochSecond, b, at);
                    Json.putInt(b, at + SecondText.LENGTH - 1, 'Z' | '"' << 8);
                    return at + SecondText.LENGTH + 1;
                default:
                    s.secondText.write(s.epochSecond, b, at);
                    int end = Json.padded(b, at + SecondText.LENGTH, s.nano / 1_000_000);
                    Json.putInt(b, end, 'Z' | '"' << 8);
                    return end + 2;
            }
        }

        @Override
        public Object value(EventState s) {
            return format == TimeFormat.EPOCH_MILLIS
                    ? (Object) (s.epochSecond * 1000 + s.nano / 1_000_000)
                    : TextNodes.value(this, s);
        }

        boolean isNumber() {
            return format == TimeFormat.EPOCH_MILLIS;
        }

        /** The length of time that one text represents. */
        static ChronoUnit unit(TimeFormat format) {
            return format == TimeFormat.ISO_SECONDS ? ChronoUnit.SECONDS : ChronoUnit.MILLIS;
        }

        static Instant parse(TimeFormat format, Object text) {
            return format == TimeFormat.EPOCH_MILLIS
                    ? Instant.ofEpochMilli(Long.parseLong(text.toString()))
                    : Instant.parse(text.toString());
        }

        @Override
        public int maxBytes() {
            return 26;
        }
    }

    /** Text with other values of the event between literals: {@code literals[0] values[0] literals[1] ...}. */
    record Template(List<Literal> literals, List<Node> values) implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            b[at] = '"';
            int end = literals.get(0).write(b, at + 1);
            for (int i = 0; i < values.size(); i++) {
                end = literals.get(i + 1).write(b, values.get(i).text(s, b, end));
            }
            b[end] = '"';
            return end + 1;
        }

        @Override
        public Object value(EventState s) {
            return TextNodes.value(this, s);
        }

        @Override
        public int maxBytes() {
            int sum = 2;
            for (Literal literal : literals) {
                sum = Math.addExact(sum, literal.length());
            }
            for (Node value : values) {
                sum = Math.addExact(sum, value.maxBytes());
            }
            return sum;
        }
    }

    /** The text that a node writes as a JSON string. */
    static String value(Node node, EventState s) {
        byte[] b = new byte[node.maxBytes() + Json.SLACK];
        return Unescape.string(b, 0, node.write(s, b, 0));
    }
}
