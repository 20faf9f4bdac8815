package io.dataflux.reference;

import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import net.datafaker.Faker;

/**
 * A second implementation of event n: an interpreter of definitions, from what is written about streams, draws and JSON. It shares
 * no class with the compiled path and the schedule, takes nothing from them but the fingerprint (a hash that has no second form)
 * and is as slow as it needs to be to be plain. Entity and occurrence come from {@link ReferenceSchedule}.
 *
 * <p>Values are {@code Long}, {@code BigDecimal}, {@code String}, {@code Boolean}, {@code List}, {@code Map}, null, and
 * {@link Quoted} for a number that is written as a string.
 *
 * <p>Long because it interprets all kinds of fields, each in a few lines; what they draw from has classes of its own.
 */
public final class ReferenceEncoder {

    /** A {@code Long} or {@code BigDecimal} in the quotes of a string. */
    public record Quoted(Object number) {}

    /** Stands for a field that the event does not have. */
    private static final Object ABSENT = new Object();

    private static final long ELEMENTS = 4096;
    private static final BigInteger SECOND = BigInteger.valueOf(1_000_000_000);

    private final StreamDefinition definition;
    private final long seed;
    private final long streamSeed;
    private final ReferenceSchedule schedule;
    private final ReferenceIdentity identity;
    private final ReferenceTime times;
    private final ReferenceSessions sessions;
    private final ReferenceTable table;
    private final IdentityHashMap<Kind, Object> tables = new IdentityHashMap<>();

    public ReferenceEncoder(StreamDefinition definition, long seed, int tag, long fingerprint) {
        this.definition = definition;
        this.seed = seed;
        streamSeed = Words64.sub(Words64.mix(seed), Words64.hash(definition.name()));
        long scheduleKey = Words64.sub(streamSeed, 1);
        Key key = definition.key();
        times = new ReferenceTime(definition, seed);
        table = definition.table() == null ? null : new ReferenceTable(definition, streamSeed);
        sessions = definition.sessions() == null ? null : new ReferenceSessions(definition, streamSeed);
        schedule = sessions != null
                ? sessions.schedule(scheduleKey, perSecond())
                : key == null
                        ? new ReferenceSchedule(scheduleKey, 64, 0, 64, 1)
                        : new ReferenceSchedule(
                                scheduleKey, key.count(), key.skew().doubleValue(), key.shards(), key.spread());
        identity = new ReferenceIdentity(fingerprint, tag);
    }

    /** Events per second, of a changing rate those of the first 28 days. */
    private double perSecond() {
        if (definition.rate() instanceof StreamDefinition.Rate rate) {
            return (double) rate.events() / rate.seconds();
        }
        long seconds = 28 * 86_400;
        BigInteger end = BigInteger.valueOf(seconds).multiply(SECOND);
        long some = 0;
        long more = 1L << 62;
        while (more - some > 1) {
            long middle = some + (more - some) / 2;
            if (times.time(middle - 1).compareTo(end) < 0) {
                some = middle;
            } else {
                more = middle;
            }
        }
        return (double) (times.time(some).compareTo(end) < 0 ? some + 1 : some) / seconds;
    }

    /** The values of event n. */
    public Map<String, Object> values(long n) {
        ReferenceSchedule.Place place = schedule.locate(n);
        long word = sessions == null ? word(streamSeed, n) : sessions.word(place, place.step());
        Moment moment = new Moment(n, place, place.step(), word, time(n).minusMillis(lateness(n, word)));
        return new Frame(definition.fields(), null, "", 0, moment).object();
    }

    static long word(long key, long number) {
        return Words64.mix(key + Words64.GAMMA * number);
    }

    /** The start plus what the second implementation of time says. */
    private Instant time(long n) {
        BigInteger nanos = times.time(n);
        return definition
                .start()
                .plusSeconds(nanos.divide(SECOND).longValueExact())
                .plusNanos(nanos.mod(SECOND).longValueExact());
    }

    /** The milliseconds from what an event is about to when it is due. */
    private long lateness(long n, long word) {
        Faults faults = definition.faults();
        Faults.Late exact = faults == null ? null : faults.late();
        StreamDefinition.Lateness late = exact == null
                ? definition.lateness()
                : new StreamDefinition.Lateness(0, exact.min(), exact.max(), exact.spread());
        boolean hit = exact == null
                ? late != null && Words64.bound(Words64.mix(word + Words64.hash("?late")), 1_000_000) < late.sharePpm()
                : new ReferenceFaults(definition, seed).hits(FaultKind.LATE, schedule.shardOf(n), schedule.localOf(n));
        if (!hit) {
            return 0;
        }
        BigInteger min = BigInteger.valueOf(late.min().toMillis());
        BigInteger max = BigInteger.valueOf(late.max().toMillis());
        long drawn = Words64.mix(word + Words64.hash("?lateness"));
        return late.spread() == null
                ? min.add(Words64.bound(drawn, max.subtract(min).add(BigInteger.ONE)))
                        .longValueExact()
                : new ReferenceSpread(late.spread(), min, max, 0).draw(drawn).longValueExact();
    }

    public long entity(long n) {
        return schedule.locate(n).entity();
    }

    public long occurrence(long n) {
        return schedule.locate(n).occurrence();
    }

    /** The key of event n, or null. */
    public String key(long n) {
        Key key = definition.key();
        return key == null ? null : filled(key.pattern(), String.valueOf(entity(n)));
    }

    private static String filled(String pattern, String gap) {
        int at = pattern.indexOf("{}");
        return pattern.substring(0, at) + gap + pattern.substring(at + 2);
    }

    /** What is known of an event before its fields. */
    private record Moment(long n, ReferenceSchedule.Place place, int step, long word, Instant time) {
        /** The same, with draws that are the key's. */
        Moment ofKey(long keySeed) {
            return new Moment(n, place, step, ReferenceEncoder.word(keySeed, place.entity()), time);
        }

        /** The same, with the draws and the time of a column's change. */
        Moment ofChange(long changeWord, Instant changeTime) {
            return new Moment(n, place, step, changeWord, changeTime);
        }

        /** The same, with the state and the draws of another step of the session. */
        Moment ofStep(int other, ReferenceSessions sessions) {
            return new Moment(n, place, other, sessions.word(place, other), time);
        }
    }

    private long keySeed() {
        return Words64.sub(
                Words64.mix(seed), Words64.hash("per_key " + definition.key().pattern()));
    }

    /** The fields of one object of one event. */
    private final class Frame {
        private final Map<String, Field> fields;
        private final Frame outer;
        private final String path;
        private final long element;
        private final Moment moment;
        /** The step of the row whose columns these are; -1 for all other objects. */
        private int rowStep = -1;

        Frame(Map<String, Field> fields, Frame outer, String path, long element, Moment moment) {
            this.fields = fields;
            this.outer = outer;
            this.path = path;
            this.element = element;
            this.moment = moment;
        }

        Map<String, Object> object() {
            Map<String, Object> object = new LinkedHashMap<>();
            for (String name : fields.keySet()) {
                Object value = member(name);
                if (value != ABSENT) {
                    object.put(name, value);
                }
            }
            return object;
        }

        private String pathOf(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }

        private Object member(String name) {
            return rowStep >= 0 ? column(name) : field(fields.get(name), pathOf(name));
        }

        private Frame row(int step) {
            Frame row = new Frame(table.fields(), null, "table", 0, moment);
            row.rowStep = step;
            return row;
        }

        private Object column(String name) {
            long entity = moment.place.entity();
            ReferenceTable.Life life = table.life(entity, moment.place.occurrence());
            int changed = table.changed(name, entity, life, rowStep);
            Field field = fields.get(name);
            Instant time = field.kind() instanceof Kind.Time
                    ? occurred(moment.place.occurrence() - life.step() + changed)
                    : moment.time;
            Frame then = new Frame(fields, null, path, 0, moment.ofChange(table.word(entity, life, changed), time));
            then.rowStep = rowStep;
            return then.field(field, path + "." + name);
        }

        /** The scheduled time of the key's event with this occurrence, found by going back. */
        private Instant occurred(long occurrence) {
            long n = moment.n;
            ReferenceSchedule.Place place = moment.place;
            int shard = schedule.shardOf(n); // a key stays in its shard
            while (place.entity() != moment.place.entity() || place.occurrence() != occurrence) {
                n--;
                place = schedule.shardOf(n) == shard ? schedule.locate(n) : place;
            }
            return ReferenceEncoder.this.time(n);
        }

        private Object change(Kind.ChangePart part) {
            ReferenceTable.Life life = table.life(moment.place.entity(), moment.place.occurrence());
            boolean inserted = life.step() == 0;
            boolean deleted = life.step() == life.length() - 1;
            return switch (part) {
                case OPERATION -> inserted ? "INSERT" : deleted ? "DELETE" : "UPDATE";
                case CODE -> inserted ? "c" : deleted ? "d" : "u";
                case SNAPSHOT -> "false";
                case BEFORE -> inserted ? null : row(life.step() - 1).object();
                case AFTER -> deleted ? null : row(life.step()).object();
                case ROW -> row(deleted ? life.step() - 1 : life.step()).object();
                case VERSION -> (long) (rowStep < 0 ? life.step() : rowStep);
            };
        }

        private Object field(Field field, String at) {
            if (hit(at + "?absent", field.absentPpm())) {
                return ABSENT;
            }
            Object value = field.kind().accept(new Value(at));
            if (value != ABSENT && hit(at + "?null", field.nullablePpm())) {
                return null;
            }
            return field.isText() && value instanceof Number number ? new Quoted(number) : value;
        }

        private boolean hit(String at, int ppm) {
            return Words64.bound(word(at), 1_000_000) < ppm;
        }

        private long word(String at) {
            return ReferenceEncoder.word(moment.word + Words64.hash(at), element);
        }

        /** The value of a field at a path, by its kind. */
        private final class Value implements Kind.Visitor<Object> {
            private final String at;

            Value(String at) {
                this.at = at;
            }

            @Override
            public Object constant(Kind.Constant k) {
                return plain(k.value());
            }

            @Override
            public Object id(Kind.Id k) {
                return filled(k.pattern(), identity.uuid(moment.n));
            }

            @Override
            public Object longId(Kind.LongId k) {
                long id = identity.longId(moment.n);
                return k.number() ? (Object) id : new Quoted(id);
            }

            @Override
            public Object sequence(Kind.SequenceNumber k) {
                return k.first() + moment.n;
            }

            @Override
            public Object occurrence(Kind.Occurrence k) {
                return k.first() + moment.place.occurrence();
            }

            @Override
            public Object time(Kind.Time k) {
                return Frame.this.time(k.format());
            }

            @Override
            public Object integer(Kind.IntRange k) {
                return k.spread() == null
                        ? range(k.min(), k.max(), 0, at)
                        : spread(k, k.spread(), k.min(), k.max(), 0, at);
            }

            @Override
            public Object decimal(Kind.DecimalRange k) {
                return k.spread() == null
                        ? range(k.min(), k.max(), k.scale(), at)
                        : spread(k, k.spread(), k.min(), k.max(), k.scale(), at);
            }

            @Override
            public Object smooth(Kind.Smooth k) {
                return ReferenceEncoder.decimal(ReferenceSlow.smooth(k, slowWord(at), moment.time));
            }

            @Override
            public Object counter(Kind.Counter k) {
                return ReferenceSlow.counter(k, slowWord(at), moment.time, definition.start());
            }

            @Override
            public Object linear(Kind.Linear k) {
                return ReferenceEncoder.decimal(ReferenceSlow.linear(k, asNumber(find(k.path())), word(at)));
            }

            @Override
            public Object bool(Kind.Bool k) {
                return hit(at, k.truePpm());
            }

            @Override
            public Object pick(Kind.Pick k) {
                return plain(ReferenceDraw.of(word(at), table(k, () -> ReferenceDraw.pick(k))));
            }

            @Override
            public Object words(Kind.Words k) {
                return ReferenceDraw.of(word(at), table(k, () -> ReferenceDraw.words(k)));
            }

            @Override
            public Object key(Kind.KeyText k) {
                return Frame.this.key(k.pattern());
            }

            @Override
            public Object keyNumber(Kind.KeyNumber k) {
                return moment.place.entity();
            }

            @Override
            public Object text(Kind.Text k) {
                return ReferencePattern.text(k.pattern(), word(at));
            }

            @Override
            public Object faker(Kind.Faker k) {
                return ReferenceDraw.of(word(at), table(k, () -> ReferenceDraw.equal(pool(k, at))));
            }

            @Override
            public Object object(Kind.ObjectOf k) {
                return new Frame(k.fields(), Frame.this, at, element, moment).object();
            }

            @Override
            public Object list(Kind.ListOf k) {
                return Frame.this.list(k, at);
            }

            @Override
            public Object copy(Kind.Copy k) {
                return find(k.path());
            }

            @Override
            public Object template(Kind.Template k) {
                return Frame.this.template(k.template());
            }

            @Override
            public Object when(Kind.When k) {
                Field chosen = chosen(k);
                return chosen == null ? ABSENT : field(chosen, at);
            }

            @Override
            public Object perKey(Kind.PerKey k) {
                return new Frame(fields, outer, path, element, moment.ofKey(keySeed())).field(k.field(), at);
            }

            @Override
            public Object session(Kind.Session k) {
                return Frame.this.session(k);
            }

            @Override
            public Object visits(Kind.Visits k) {
                return (long) Collections.frequency(walk(), k.state());
            }

            @Override
            public Object total(Kind.Total k) {
                return Frame.this.total(k.path());
            }

            @Override
            public Object perSession(Kind.PerSession k) {
                int from = k.renewedBy().isEmpty() ? 0 : moment.step;
                while (from > 0 && !k.renewedBy().contains(walk().get(from))) {
                    from--;
                }
                return Frame.this.at(from).field(k.field(), at);
            }

            @Override
            public Object change(Kind.Change k) {
                return Frame.this.change(k.part());
            }
        }

        private Object session(Kind.Session k) {
            return switch (k.part()) {
                case ID -> filled(k.pattern(), sessions.id(moment.place));
                case NUMBER -> moment.place.session();
                case STEP -> (long) moment.step;
                case MISSED -> (long) moment.place.missed();
                case STATE -> state();
                case PAUSE -> moment.step == 0 ? ABSENT : (Object) pause();
            };
        }

        private String state() {
            return walk().get(moment.step);
        }

        private List<String> walk() {
            return sessions.walk(moment.place, moment.step);
        }

        /** The entity's event before this one is the nearest one with its occurrence. */
        private long pause() {
            long before = moment.n - 1;
            ReferenceSchedule.Place place = schedule.locate(before);
            while (place.entity() != moment.place.entity()) {
                place = schedule.locate(--before);
            }
            return ReferenceEncoder.this.time(moment.n).toEpochMilli()
                    - ReferenceEncoder.this.time(before).toEpochMilli();
        }

        private Object total(String of) {
            BigDecimal sum = BigDecimal.ZERO;
            for (int step = 0; step <= moment.step; step++) {
                Object value = at(step).find(of);
                if (value != ABSENT) {
                    sum = sum.add(
                            unquoted(value) instanceof Long number
                                    ? BigDecimal.valueOf(number)
                                    : (BigDecimal) unquoted(value));
                }
            }
            return sum.scale() == 0 ? (Object) sum.longValueExact() : sum;
        }

        /** This object in another event of the session. */
        private Frame at(int step) {
            Moment other = moment.ofStep(step, sessions);
            return new Frame(fields, outer == null ? null : outer.at(step), path, element, other);
        }

        /** What an entity's slow value is made of, at a path. */
        private long slowWord(String at) {
            Key key = definition.key();
            long slow = Words64.sub(Words64.mix(seed), Words64.hash("slow " + (key == null ? "" : key.pattern())));
            long own = ReferenceEncoder.word(slow, key == null ? 0 : moment.place.entity());
            return ReferenceEncoder.word(own + Words64.hash(at), element);
        }

        private String key(String pattern) {
            return filled(
                    pattern == null ? definition.key().pattern() : pattern, String.valueOf(moment.place.entity()));
        }

        private Object time(Kind.TimeFormat format) {
            String pattern = "uuuu-MM-dd'T'HH:mm:ss" + (format == Kind.TimeFormat.ISO_MILLIS ? ".SSS'Z'" : "'Z'");
            return format == Kind.TimeFormat.EPOCH_MILLIS
                    ? (Object) moment.time.toEpochMilli()
                    : DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                            .withZone(ZoneOffset.UTC)
                            .format(moment.time);
        }

        private Object range(Kind.Bound min, Kind.Bound max, int scale, String at) {
            BigInteger low =
                    bound(min).setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
            BigInteger high =
                    bound(max).setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
            BigInteger span = high.subtract(low).add(BigInteger.ONE);
            return written(low.add(Words64.bound(word(at), span)), scale);
        }

        private Object spread(Kind kind, Spread spread, Kind.Bound min, Kind.Bound max, int scale, String at) {
            BigInteger low = min.number().movePointRight(scale).toBigIntegerExact();
            BigInteger high = max.number().movePointRight(scale).toBigIntegerExact();
            ReferenceSpread table = (ReferenceSpread) table(kind, () -> new ReferenceSpread(spread, low, high, scale));
            return written(table.draw(word(at)), scale);
        }

        private Object written(BigInteger drawn, int scale) {
            return scale > 0 ? new BigDecimal(drawn, scale) : (Object) drawn.longValueExact();
        }

        private BigDecimal bound(Kind.Bound bound) {
            if (bound.number() != null) {
                return bound.number();
            }
            return asNumber(find(bound.path()));
        }

        private List<Object> list(Kind.ListOf k, String at) {
            Kind.Length length = k.length();
            long count = length.min();
            if (length.max() > length.min()) {
                long word = word(at + "?length");
                count += length.geometric() == null
                        ? Words64.bound(word, length.max() - length.min() + 1)
                        : (Long) ReferenceDraw.of(word, table(k, () -> ReferenceDraw.geometric(length)));
            }
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Frame inside = new Frame(Map.of("[]", k.element()), this, at + "[]", element * ELEMENTS + i, moment);
                Object value = inside.field(k.element(), at + "[]");
                if (value != ABSENT) {
                    list.add(value);
                }
            }
            return list;
        }

        private Object template(String template) {
            StringBuilder text = new StringBuilder();
            int at = 0;
            for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
                int close = template.indexOf('}', open);
                text.append(template, at, open).append(asText(find(template.substring(open + 1, close))));
                at = close + 1;
            }
            return text.append(template.substring(at)).toString();
        }

        private Field chosen(Kind.When k) {
            Field chosen = k.cases().get(asText(find(k.path())));
            return chosen == null ? k.otherwise() : chosen;
        }

        /** The value of a path: its first name is looked up from the innermost object outwards, the others from there inwards. */
        private Object find(String to) {
            int dot = to.indexOf('.');
            String first = dot < 0 ? to : to.substring(0, dot);
            for (Frame frame = this; frame != null; frame = frame.outer) {
                if (frame.fields.containsKey(first)) {
                    return frame.inside(
                            frame.fields.get(first), frame.pathOf(first), dot < 0 ? "" : to.substring(dot + 1));
                }
            }
            if (to.equals("key")) {
                return key(null);
            }
            if (to.equals("state")) {
                return state();
            }
            throw new AssertionError("no field " + to);
        }

        @SuppressWarnings("ReferenceEquality") // the column itself, not a field that equals it
        private Object inside(Field field, String at, String rest) {
            if (rest.isEmpty()) {
                return rowStep >= 0 && field == fields.get(at.substring(at.lastIndexOf('.') + 1))
                        ? column(at.substring(at.lastIndexOf('.') + 1))
                        : field(field, at);
            }
            if (field.kind() instanceof Kind.When when) {
                return inside(chosen(when), at, rest);
            }
            return new Frame(((Kind.ObjectOf) field.kind()).fields(), this, at, element, moment).find(rest);
        }

        private Object table(Kind kind, java.util.function.Supplier<Object> made) {
            Object known = tables.get(kind);
            if (known == null) {
                known = made.get();
                tables.put(kind, known);
            }
            return known;
        }

        /** Drawn by Datafaker itself; what is checked is the seed and the pick. */
        private List<Object> pool(Kind.Faker k, String at) {
            Faker faker = new Faker(Locale.ENGLISH, new Random(Words64.sub(Words64.mix(seed), Words64.hash(at))));
            List<Object> pool = new ArrayList<>();
            while (pool.size() < k.pool()) {
                pool.add(faker.expression(k.expression()));
            }
            return pool;
        }
    }

    private static BigDecimal asNumber(Object found) {
        Object value = unquoted(found);
        return value instanceof Long number ? BigDecimal.valueOf(number) : (BigDecimal) value;
    }

    private static Object decimal(BigDecimal value) {
        return value.scale() > 0 ? (Object) value : value.longValueExact();
    }

    /** A value of a definition as a value of an event. */
    private static Object plain(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.scale() > 0 || decimal.precision() > 18 ? (Object) decimal : decimal.longValueExact();
        }
        return value;
    }

    private static Object unquoted(Object value) {
        return value instanceof Quoted quoted ? quoted.number : value;
    }

    private static String asText(Object value) {
        Object plain = unquoted(value);
        return plain instanceof BigDecimal decimal ? decimal.toPlainString() : plain.toString();
    }
}
