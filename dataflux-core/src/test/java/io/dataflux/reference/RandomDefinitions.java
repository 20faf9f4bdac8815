package io.dataflux.reference;

import io.dataflux.model.Field;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Sessions;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random definitions that are valid: all kinds and modifiers, nested, with references outwards, into objects, and to fields that
 * come later. The same seed gives the same definitions.
 *
 * <p>Long because it has a method for each kind of field, and all draw from one source in one order.
 */
public final class RandomDefinitions {

    private static final int DEEPEST = 3;
    private static final long SMALL = 1_000_000;

    private final Random random;
    private int names;
    private boolean hasKey;
    private List<String> states;
    private boolean hasSessions;

    /** A field that others can speak of: what it is as a bound, as the reason of a variant, and in a template. */
    private record Known(String path, Range range, List<String> values, boolean single) {
        Known under(String object) {
            return new Known(object + "." + path, range, values, single);
        }
    }

    private record Range(int scale, BigDecimal min, BigDecimal max) {
        int digits() {
            return max.abs().max(min.abs()).setScale(scale, RoundingMode.UP).precision();
        }
    }

    /** A field and what the fields inside it, or it itself, are known as. */
    private record Made(Field field, Range range, List<String> values, boolean single, List<Known> inside) {
        Made(Kind kind) {
            this(kind, null, null, true);
        }

        Made(Kind kind, Range range, List<String> values, boolean single) {
            this(new Field(kind), range, values, single, List.of());
        }
    }

    public RandomDefinitions(long seed) {
        random = new Random(seed);
    }

    public StreamDefinition next() {
        names = 0;
        hasKey = !oneIn(6);
        StreamDefinition.Builder b =
                StreamDefinition.named("stream" + text(4)).start(start()).maxEventBytes(16 << 20);
        int seconds = 1 + random.nextInt(oneIn(2) ? 1 : 100_000);
        b.rate(1 + nextLong(oneIn(3) ? 1_000_000_000L * seconds : 10_000), seconds);
        hasSessions = false;
        states = List.of();
        if (hasKey) {
            Key key = key();
            b.key(key);
            if (oneIn(3)) {
                b.key(new Key(key.pattern(), key.count(), key.skew(), key.shards(), 1));
                b.sessions(sessions());
            }
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        if (oneIn(2)) {
            fields.put("id", oneIn(4) ? new Field(new Kind.LongId(oneIn(2))) : Fields.id(text(5) + "{}" + text(5)));
            b.identity("id");
        }
        fields(fields, new ArrayList<>(), 0, 2 + random.nextInt(12));
        shuffled(fields).forEach(b::field);
        return b.build();
    }

    private Instant start() {
        long year = oneIn(3) ? 2025 : 1 + random.nextInt(9990);
        return Instant.parse(String.format(java.util.Locale.ROOT, "%04d-01-01T00:00:00Z", year))
                .plusSeconds(random.nextInt(31_000_000))
                .plusNanos(oneIn(2) ? 0 : random.nextInt(1_000_000_000));
    }

    /** Most keys are cheap to plan: all equally often, and shards of one size. */
    private Key key() {
        String pattern = text(6) + "{}" + (oneIn(3) ? text(6) : "");
        if (oneIn(12)) {
            String skew = List.of("0.5", "1", "1.0", "1.3", "2").get(random.nextInt(5));
            return new Key(pattern, 1 + nextLong(1_000_000), new BigDecimal(skew), 16 << random.nextInt(3), spread());
        }
        if (oneIn(8)) {
            return new Key(pattern, 1 + nextLong(2000), BigDecimal.ZERO, 1 + random.nextInt(255), spread());
        }
        long[] counts = {1, 2, 64, 192, 1 << 20, 1L << 48};
        return new Key(pattern, counts[random.nextInt(6)], BigDecimal.ZERO, 1 << random.nextInt(7), spread());
    }

    private int spread() {
        return oneIn(3) ? 1 + random.nextInt(16) : 1;
    }

    /** Every state leads to the next one, and the last one leaves; so none is in vain. */
    private Sessions sessions() {
        hasSessions = true;
        Duration think = Duration.ofNanos(1 + nextLong(oneIn(2) ? 10_000_000_000L : 1_000_000_000_000L));
        Kind.Length length = oneIn(2)
                ? new Kind.Length(1 + random.nextInt(6), 6 + random.nextInt(9), null)
                : new Kind.Length(1, 2 + random.nextInt(60), new BigDecimal("0.3"));
        Map<String, Map<String, BigDecimal>> all = new LinkedHashMap<>();
        Map<String, BigDecimal> start = new LinkedHashMap<>();
        Sessions.Begin begin = oneIn(3) ? Sessions.Begin.FRESH : Sessions.Begin.UNDER_WAY;
        if (oneIn(4)) {
            return new Sessions(think, true, length, begin, start, all);
        }
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            Map<String, BigDecimal> next = new LinkedHashMap<>();
            for (int t = 0; t < count; t++) {
                if (t == i + 1 || oneIn(2)) {
                    next.put("state" + t, BigDecimal.valueOf(1 + random.nextInt(20)));
                }
            }
            if (i == count - 1 || oneIn(2)) {
                next.put(Sessions.LEAVE, new BigDecimal("2.5"));
            }
            all.put("state" + i, next);
        }
        states = List.copyOf(all.keySet());
        if (oneIn(2)) {
            start.put("state0", BigDecimal.ONE);
            start.put("state" + (count - 1), BigDecimal.TEN);
        }
        // with a length of their own, walks of that length may not be possible
        return new Sessions(think, true, null, begin, start, all);
    }

    /** A field about the session. */
    private Made session(List<Known> known) {
        switch (random.nextInt(states.isEmpty() ? 4 : 6)) {
            case 0:
                return new Made(new Kind.Session(Kind.SessionPart.ID, text(3) + "{}" + text(3)));
            case 1:
                return new Made(new Kind.Session(
                        List.of(Kind.SessionPart.STEP, Kind.SessionPart.NUMBER, Kind.SessionPart.MISSED)
                                .get(random.nextInt(3)),
                        null));
            case 2, 3:
                List<Known> numbers = known.stream()
                        .filter(k -> k.range != null && k.range.digits() < 12)
                        .toList();
                if (oneIn(2) && !numbers.isEmpty()) {
                    return new Made(new Kind.Total(numbers.get(random.nextInt(numbers.size())).path));
                }
                Made drawn = modified(drawn());
                boolean always = drawn.field.nullablePpm() == 0 && drawn.field.absentPpm() == 0;
                return new Made(
                        new Kind.PerSession(
                                drawn.field,
                                states.stream().filter(s -> oneIn(3)).toList()),
                        always ? drawn.range : null,
                        always ? drawn.values : null,
                        always);
            case 4:
                return new Made(new Kind.Session(Kind.SessionPart.STATE, null), null, states, true);
            default:
                return new Made(new Kind.Visits(states.get(random.nextInt(states.size()))));
        }
    }

    /** Adds fields to an object; {@code known} are those that they may speak of, and those that are added become known. */
    private void fields(Map<String, Field> fields, List<Known> known, int depth, int count) {
        for (int i = 0; i < count; i++) {
            String name = name();
            Made made = modified(any(known, depth));
            fields.put(name, made.field);
            boolean canBeNamed = name.chars().noneMatch(c -> ".[]{}".indexOf(c) >= 0);
            if (canBeNamed) {
                boolean always = made.field.nullablePpm() == 0 && made.field.absentPpm() == 0;
                known.add(new Known(
                        name, always ? made.range : null, always ? made.values : null, always && made.single));
                made.inside.forEach(inner -> known.add(inner.under(name)));
            }
        }
    }

    private Map<String, Field> shuffled(Map<String, Field> fields) {
        List<String> order = new ArrayList<>(fields.keySet());
        Collections.shuffle(order, random);
        Map<String, Field> shuffled = new LinkedHashMap<>();
        order.forEach(name -> shuffled.put(name, fields.get(name)));
        return shuffled;
    }

    private String name() {
        String name = "f" + names++;
        return switch (random.nextInt(8)) {
            case 0 -> name + text(3);
            case 1 -> name + ".[]{}".charAt(random.nextInt(5)) + text(5);
            case 2 -> name + "_of_some_length".repeat(1 + random.nextInt(4));
            default -> name;
        };
    }

    private Made modified(Made made) {
        Field field = made.field;
        if (oneIn(5)) {
            field = field.nullable(share());
        }
        if (oneIn(5)) {
            field = field.absent(share());
        }
        if (made.range != null && oneIn(5)) {
            field = field.asText();
        }
        return new Made(field, made.range, made.values, made.single, made.inside);
    }

    private String share() {
        return List.of("0%", "0.0001%", "12.5%", "50%", "99.9999%", "100%").get(random.nextInt(6));
    }

    private Made any(List<Known> known, int depth) {
        if (hasSessions && oneIn(3)) {
            return session(known);
        }
        switch (random.nextInt(depth < DEEPEST ? 12 : 9)) {
            case 0, 1, 2, 3:
                return plain();
            case 4, 5:
                return drawn();
            case 6:
                return copy(known);
            case 7:
                return template(known);
            case 8:
                return relative(known);
            case 9:
                return object(known, depth);
            case 10:
                return list(known, depth);
            default:
                return when(known, depth);
        }
    }

    /** A field that speaks of no other and is not drawn. */
    private Made plain() {
        if (oneIn(10)) {
            return slow();
        }
        switch (random.nextInt(hasKey ? 9 : 6)) {
            case 0:
                return constant();
            case 1:
                return new Made(new Kind.Id(text(4) + "{}"));
            case 2:
                return new Made(new Kind.SequenceNumber(nextLong(1000) - 500));
            case 3:
                return new Made(new Kind.Occurrence(random.nextInt(3)));
            case 4, 5:
                Kind.TimeFormat format = oneIn(2) ? Kind.TimeFormat.EPOCH_MILLIS : Kind.TimeFormat.ISO_SECONDS;
                return new Made(new Kind.Time(oneIn(3) ? Kind.TimeFormat.ISO_MILLIS : format));
            case 6:
                return new Made(new Kind.KeyText(oneIn(2) ? null : text(5) + "{}" + text(5)));
            case 7:
                return new Made(new Kind.KeyNumber());
            default:
                Made drawn = modified(drawn());
                boolean always = drawn.field.nullablePpm() == 0 && drawn.field.absentPpm() == 0;
                return new Made(
                        new Kind.PerKey(drawn.field),
                        always ? drawn.range : null,
                        always ? drawn.values : null,
                        always);
        }
    }

    private Made slow() {
        if (oneIn(3)) {
            Duration reset = oneIn(2) ? null : Duration.ofMinutes(1 + random.nextInt(100_000));
            return new Made(new Kind.Counter(
                    new Rate(1 + random.nextInt(oneIn(2) ? 5 : 100_000), 1 + random.nextInt(50)), reset));
        }
        int scale = random.nextInt(4);
        BigDecimal a = BigDecimal.valueOf(nextLong(SMALL) - SMALL / 2, scale);
        BigDecimal b = a.add(BigDecimal.valueOf(nextLong(oneIn(2) ? 20 : SMALL), scale));
        Duration over = Duration.ofMillis(1000 + nextLong(oneIn(2) ? 10_000 : 1_000_000_000));
        Kind kind = new Kind.Smooth(a, b, scale, over, Field.ppm(share()), random.nextInt(1440));
        // a function of the event's time: no total of a session adds it up, so there nothing may speak of it
        return new Made(kind, hasSessions ? null : new Range(scale, a, b), null, true);
    }

    private Made constant() {
        switch (random.nextInt(4)) {
            case 0:
                long number = oneIn(2) ? random.nextInt(2000) - 1000 : nextLong(1L << 62);
                Range range = Math.abs(number) < SMALL
                        ? new Range(0, BigDecimal.valueOf(number), BigDecimal.valueOf(number))
                        : null;
                return new Made(new Kind.Constant(number), range, null, true);
            case 1:
                return new Made(
                        new Kind.Constant(BigDecimal.valueOf(nextLong(1L << 50) - (1L << 49), random.nextInt(16))));
            case 2:
                return new Made(new Kind.Constant(oneIn(2)));
            default:
                String text = text(40);
                return new Made(new Kind.Constant(text), null, List.of(text), true);
        }
    }

    /** A field that speaks of no other and is drawn. */
    private Made drawn() {
        switch (random.nextInt(7)) {
            case 0:
                return integer();
            case 1:
                return decimal();
            case 2:
                return new Made(new Kind.Bool(Field.ppm(share())), null, List.of("true", "false"), true);
            case 3:
                return pick();
            case 4:
                return words();
            case 5:
                return oneIn(8)
                        ? new Made(new Kind.Faker("#{name.firstName}#{letterify '\"??'}", 1 + random.nextInt(4)))
                        : new Made(new Kind.Text(pattern()));
            default:
                return new Made(new Kind.Text(pattern()));
        }
    }

    private Made integer() {
        long reach = oneIn(2) ? SMALL : 1L << 1 + random.nextInt(60);
        long a = nextLong(reach) - (oneIn(3) ? reach / 2 : 0);
        long b = oneIn(8) ? a : nextLong(reach) - (oneIn(3) ? reach / 2 : 0);
        Kind kind = new Kind.IntRange(
                Bound.of(Math.min(a, b)),
                Bound.of(Math.max(a, b)),
                spread(Math.min(a, b) >= 1 && Math.max(a, b) / 2 > Math.min(a, b)));
        Range range = new Range(0, BigDecimal.valueOf(Math.min(a, b)), BigDecimal.valueOf(Math.max(a, b)));
        return new Made(kind, reach <= SMALL ? range : null, null, true);
    }

    private Made decimal() {
        int scale = random.nextInt(16);
        boolean small = oneIn(2);
        BigDecimal a = BigDecimal.valueOf(nextLong(small ? SMALL : 1L << 60) - (small ? SMALL / 2 : 0), scale);
        BigDecimal b = BigDecimal.valueOf(nextLong(small ? SMALL : 1L << 60) - (small ? SMALL / 2 : 0), scale);
        Kind kind = new Kind.DecimalRange(
                Bound.of(a.min(b)),
                Bound.of(a.max(b)),
                scale,
                spread(a.min(b).signum() > 0 && a.max(b).compareTo(a.min(b).add(a.min(b))) > 0));
        return new Made(kind, small ? new Range(scale, a.min(b), a.max(b)) : null, null, true);
    }

    /** A distribution that fits any bounds, or those above 0 and far enough from each other. */
    private Spread spread(boolean positive) {
        if (!oneIn(8)) {
            return null;
        }
        return switch (random.nextInt(positive ? 4 : 3)) {
            case 0 -> new Spread.Normal(null, null);
            case 1 -> new Spread.Exponential(null);
            case 2 -> new Spread.Zipf(new BigDecimal("1.2"));
            default -> new Spread.Lognormal(null, null);
        };
    }

    private Made pick() {
        int style = random.nextInt(3);
        List<Kind.Choice> choices = new ArrayList<>();
        List<String> values = new ArrayList<>();
        int count = 1 + random.nextInt(oneIn(6) ? 60 : 6);
        for (int i = 0; i < count; i++) {
            Object value =
                    style == 0 ? (Object) (nextLong(1L << 10 * (1 + random.nextInt(6))) * 100 + i) : text(20) + i;
            BigDecimal weight = oneIn(3) ? new BigDecimal("2.50") : BigDecimal.valueOf(random.nextInt(50));
            choices.add(new Kind.Choice(value, i == 0 ? BigDecimal.ONE : weight));
            if (i == 0 || weight.signum() > 0) {
                values.add(value.toString());
            }
        }
        return new Made(new Kind.Pick(choices), null, values, true);
    }

    private Made words() {
        List<String> words = new ArrayList<>();
        int count = 1 + random.nextInt(oneIn(4) ? 300 : 8);
        for (int i = 0; i < count; i++) {
            words.add(text(oneIn(20) ? 80 : 12));
        }
        String skew = List.of("0", "0.7", "1", "1.50", "3").get(random.nextInt(5));
        return new Made(new Kind.Words("words", words, new BigDecimal(skew)), null, List.copyOf(words), true);
    }

    private Made copy(List<Known> known) {
        if (known.isEmpty()) {
            return plain();
        }
        Known of = known.get(random.nextInt(known.size()));
        return new Made(new Kind.Copy(of.path), of.range, of.values, of.single);
    }

    private Made template(List<Known> known) {
        List<Known> single = known.stream().filter(Known::single).toList();
        StringBuilder template = new StringBuilder();
        for (int i = random.nextInt(4); i > 0 && !single.isEmpty(); i--) {
            template.append(text(10))
                    .append('{')
                    .append(single.get(random.nextInt(single.size())).path)
                    .append('}');
        }
        return new Made(new Kind.Template(template + (hasKey && oneIn(2) ? "{key}" : "") + text(10)));
    }

    /** A number whose bound is another field. */
    private Made relative(List<Known> known) {
        List<Known> numbers = known.stream().filter(k -> k.range != null).toList();
        if (numbers.isEmpty()) {
            return drawn();
        }
        Known of = numbers.get(random.nextInt(numbers.size()));
        Range range = of.range;
        int scale = Math.min(range.scale + random.nextInt(3), 15);
        if (oneIn(3)) {
            BigDecimal times = BigDecimal.valueOf(random.nextInt(2000) - 1000, random.nextInt(4));
            BigDecimal low = BigDecimal.valueOf(nextLong(SMALL) - SMALL / 2, scale);
            BigDecimal high = low.add(BigDecimal.valueOf(nextLong(SMALL), scale));
            BigDecimal noise = BigDecimal.valueOf(random.nextInt(100), scale);
            Kind linear = new Kind.Linear(of.path, times, low, noise, low, high, scale);
            return new Made(linear, new Range(scale, low, high), null, true);
        }
        Bound path = Bound.of(of.path);
        boolean above = oneIn(2);
        BigDecimal other = above
                ? range.max.add(BigDecimal.valueOf(random.nextInt(100)))
                : range.min.subtract(BigDecimal.valueOf(random.nextInt(100)));
        Kind kind = scale == 0
                ? new Kind.IntRange(above ? path : Bound.of(other), above ? Bound.of(other) : path)
                : new Kind.DecimalRange(above ? path : Bound.of(other), above ? Bound.of(other) : path, scale);
        Range wider = new Range(scale, range.min.min(other), range.max.max(other));
        return new Made(kind, scale <= range.scale ? wider : null, null, true);
    }

    private Made object(List<Known> known, int depth) {
        Map<String, Field> fields = new LinkedHashMap<>();
        List<Known> visible = new ArrayList<>(known);
        fields(fields, visible, depth + 1, 1 + random.nextInt(5));
        return new Made(
                new Field(new Kind.ObjectOf(shuffled(fields))),
                null,
                null,
                false,
                List.copyOf(visible.subList(known.size(), visible.size())));
    }

    private Made list(List<Known> known, int depth) {
        int min = random.nextInt(3);
        int max = min + random.nextInt(4);
        BigDecimal geometric =
                oneIn(2) ? null : List.of(BigDecimal.ONE, new BigDecimal("0.4")).get(random.nextInt(2));
        Field element = modified(any(known, depth + 1)).field;
        return new Made(new Kind.ListOf(new Kind.Length(min, max, geometric), element), null, null, false);
    }

    private Made when(List<Known> known, int depth) {
        List<Known> reasons = known.stream().filter(k -> k.values != null).toList();
        if (reasons.isEmpty()) {
            return object(known, depth);
        }
        Known reason = reasons.get(random.nextInt(reasons.size()));
        Map<String, Field> cases = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String value = reason.values.get(random.nextInt(reason.values.size()));
            cases.put(value, modified(any(known, depth + 1)).field);
        }
        Field otherwise = oneIn(2) ? modified(any(known, depth + 1)).field : null;
        return new Made(new Kind.When(reason.path, cases, otherwise), null, null, false);
    }

    private String pattern() {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            pattern.append(List.of(
                            "C",
                            "[A-Z]",
                            "[0-9a-f]",
                            "\\.",
                            "[ -~]",
                            "[\\]\\\\\"]",
                            "\"",
                            "[+-]",
                            " ",
                            "[xyz]",
                            "\\d",
                            "\\w",
                            "[^a-z]")
                    .get(random.nextInt(13)));
            pattern.append(List.of("", "", "{3}", "{0,4}", "{ 2 , 40 }", "{0}").get(random.nextInt(6)));
        }
        return pattern.toString();
    }

    /** Text of all sorts of characters, without braces. */
    private String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.append("\"\\\b\f\n\r\t/".charAt(random.nextInt(8)));
                case 1 -> text.append((char) random.nextInt(0x20));
                case 2 -> text.append((char) (0x7F + random.nextInt(0x781)));
                case 3 -> text.append((char) (0xE000 + random.nextInt(0x2000)));
                case 4 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> text.append((char) ('A' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private long nextLong(long bound) {
        return Math.floorMod(random.nextLong(), bound);
    }
}
