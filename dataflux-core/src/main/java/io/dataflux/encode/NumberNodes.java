package io.dataflux.encode;

import io.dataflux.encode.Node.Numeric;
import io.dataflux.json.Json;
import io.dataflux.model.Kind;
import io.dataflux.schedule.Mix;
import java.math.BigDecimal;
import java.util.Arrays;

/** The nodes whose value is a number. */
final class NumberNodes {

    /** The digits that every long can hold. */
    static final int EXACT_DIGITS = Kind.MOST_DIGITS;

    private NumberNodes() {}

    /** A whole number between constants; {@code span} = max - min + 1. */
    record IntRange(long salt, long min, long span) implements Numeric {
        @Override
        public long unscaled(EventState s) {
            return min + Mix.bound(Node.draw(s, salt), span);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return Json.number(b, at, unscaled(s));
        }

        @Override
        public int scale() {
            return 0;
        }

        @Override
        public long max() {
            return min + span - 1;
        }
    }

    /** A decimal between constants, or between other numbers of the event; all bounds in units of 10^-scale. */
    record Range(long salt, Numeric low, long lowFactor, Numeric high, long highFactor, int scale) implements Numeric {
        @Override
        public long unscaled(EventState s) {
            long from = low.unscaled(s) * lowFactor;
            long to = high.unscaled(s) * highFactor;
            return from + Mix.bound(Node.draw(s, salt), to - from + 1);
        }

        @Override
        public long min() {
            return low.min() * lowFactor;
        }

        @Override
        public long max() {
            return high.max() * highFactor;
        }
    }

    /** A decimal between constants; {@code span} = max - min + 1 in units of 10^-scale, scale at least 1. */
    record DecimalRange(long salt, long min, long span, int scale) implements Numeric {
        @Override
        public long unscaled(EventState s) {
            return min + Mix.bound(Node.draw(s, salt), span);
        }

        /** Separate because it is the most frequent kind of number: no call in it depends on the kind. */
        @Override
        public int write(EventState s, byte[] b, int at) {
            return Json.decimal(b, at, unscaled(s), scale);
        }

        @Override
        public long max() {
            return min + span - 1;
        }
    }

    /** A number between constants whose values are not equally likely. */
    record Spread(long salt, Spreads.Table table, long min, long max, int scale) implements Numeric {
        @Override
        public long unscaled(EventState s) {
            return table.draw(Node.draw(s, salt));
        }
    }

    /** A number that never changes. */
    record Fixed(long unscaled, int scale) implements Numeric, Node.Choice {
        @Override
        public int choice(EventState s) {
            return 0;
        }

        @Override
        public int choices() {
            return 1;
        }

        @Override
        public String choiceText(int choice) {
            return BigDecimal.valueOf(unscaled, scale).toPlainString();
        }

        @Override
        public long unscaled(EventState s) {
            return unscaled;
        }

        @Override
        public long min() {
            return unscaled;
        }

        @Override
        public long max() {
            return unscaled;
        }
    }

    /** One of a few whole numbers. */
    record Chosen(TextNodes.Dictionary dictionary, long[] numbers, long min, long max) implements Numeric, Node.Choice {
        static Chosen of(TextNodes.Dictionary dictionary) {
            long[] numbers = dictionary.values().stream()
                    .mapToLong(value -> (Long) value)
                    .toArray();
            return new Chosen(
                    dictionary,
                    numbers,
                    Arrays.stream(numbers).min().orElseThrow(),
                    Arrays.stream(numbers).max().orElseThrow());
        }

        @Override
        public long unscaled(EventState s) {
            return numbers[dictionary.choice(s)];
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return dictionary.write(s, b, at);
        }

        @Override
        public Object value(EventState s) {
            return dictionary.value(s);
        }

        @Override
        public int scale() {
            return 0;
        }

        @Override
        public int choice(EventState s) {
            return dictionary.choice(s);
        }

        @Override
        public int choices() {
            return dictionary.choices();
        }

        @Override
        public String choiceText(int choice) {
            return dictionary.choiceText(choice);
        }

        @Override
        public int maxBytes() {
            return dictionary.maxBytes();
        }
    }

    /** What the schedule knows about the event. */
    enum Position {
        SEQUENCE,
        OCCURRENCE,
        ENTITY
    }

    /** A number from the schedule plus {@code first}; {@code most} is the largest that it can be. */
    record Scheduled(Position position, long first, long most) implements Numeric {
        @Override
        public long unscaled(EventState s) {
            return first
                    + switch (position) {
                        case SEQUENCE -> s.sequence;
                        case OCCURRENCE -> s.slot.occurrence;
                        case ENTITY -> s.slot.entity;
                    };
        }

        @Override
        public int scale() {
            return 0;
        }

        @Override
        public long min() {
            return first;
        }

        @Override
        public long max() {
            return first + most;
        }
    }

    /** A number of any kind as text: the same digits between quotes. Its value, and what refers to it, stay those of the number. */
    record AsText(Node node) implements Redirected {
        /** @throws IllegalArgumentException if the node is not a number */
        static Node of(Node node) {
            if (node instanceof TextNodes.LongId) {
                return new TextNodes.LongId(false);
            } else if (!isNumber(node)) {
                throw new IllegalArgumentException(
                        "as: text writes a number as text, and this field is not always a number; remove 'as'");
            }
            return new AsText(node);
        }

        private static boolean isNumber(Node node) {
            Node bare = Compiler.bare(node);
            if (bare instanceof StructureNodes.OrNull orNull) {
                return isNumber(orNull.node());
            } else if (bare instanceof StructureNodes.Absent absent) {
                return isNumber(absent.node());
            } else if (bare instanceof StructureNodes.Variant variant) {
                return Arrays.stream(variant.cases())
                        .allMatch(each -> each == null || each instanceof StructureNodes.Null || isNumber(each));
            }
            return bare != Compiler.BROKEN && JsonType.of(bare) == JsonType.NUMBER;
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            int end = node.write(s, b, at + 1);
            if (b[at + 1] == 'n' || b[at + 1] == '"') { // null stays null, and a copy of text is text already
                System.arraycopy(b, at + 1, b, at, end - at - 1);
                return end - 1;
            }
            b[at] = '"';
            b[end] = '"';
            return end + 1;
        }

        @Override
        public int maxBytes() {
            return node.maxBytes() + 2;
        }

        @Override
        public long enter(EventState s) {
            return 0;
        }

        @Override
        public void leave(EventState s, long entered) {}
    }

    static int number(byte[] b, int at, long unscaled, int scale) {
        return scale > 0 ? Json.decimal(b, at, unscaled, scale) : Json.number(b, at, unscaled);
    }

    static int quotedNumber(byte[] b, int at, long value) {
        b[at] = '"';
        int end = Json.number(b, at + 1, value);
        b[end] = '"';
        return end + 1;
    }

    static Object asObject(long unscaled, int scale) {
        return scale == 0 ? (Object) unscaled : BigDecimal.valueOf(unscaled, scale);
    }
}
