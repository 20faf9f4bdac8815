package io.dataflux.encode;

import io.dataflux.model.Faults;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Sessions;
import io.dataflux.model.Share;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The canonical text of a resolved definition, and the fingerprint made from it. It contains everything that can change a byte of an event,
 * each part with its length or quotes, so that no two definitions share a text. Speed, sinks, lanes and tag are not in it.
 */
final class Canonical implements Kind.Visitor<Canonical> {

    /** Raised when the same definition gives different bytes. 0 until the first release. */
    static final int ALGORITHM_VERSION = 0;

    private final StringBuilder text = new StringBuilder();
    private boolean faker;

    private Canonical() {}

    /** The fingerprint: the first eight bytes of a SHA-256. */
    static long fingerprint(StreamDefinition definition, long seed, int codeVersion) {
        String text = text(definition, seed, codeVersion);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String text(StreamDefinition d, long seed, int codeVersion) {
        Canonical c = new Canonical();
        c.add("dataflux", ALGORITHM_VERSION).add("seed", seed).add("name", d.name());
        Key key = d.key();
        if (key != null) {
            c.add("key", key.pattern())
                    .add("count", key.count())
                    .add("skew", key.skew())
                    .add("shards", key.shards());
            c.add("spread", key.spread());
        }
        Sessions sessions = d.sessions();
        if (sessions != null) {
            c.sessions(sessions);
        }
        Table table = d.table();
        if (table != null) {
            c.table(table);
        }
        c.add("start", d.start()).add("rate", d.rate());
        StreamDefinition.Lateness lateness = d.lateness();
        if (lateness != null) {
            c.add("late", lateness.sharePpm()).add("from", lateness.min()).add("to", lateness.max());
            c.spread(lateness.spread());
        }
        StreamDefinition.Bursts bursts = d.arrivals().bursts();
        if (bursts != null) {
            c.add("bursts", bursts.every()).add("length", bursts.length()).add("speed", bursts.speed());
        }
        if (d.arrivals().jitter()) {
            c.add("jitter", true);
        }
        Faults faults = d.faults();
        if (faults != null) {
            c.faults(faults);
        }
        d.identity().forEach(path -> c.add("identity", path));
        StreamDefinition.Code code = d.code();
        if (code != null) {
            c.add("code", code.type()).add("version", codeVersion);
            c.setting(code.settings());
        }
        c.fields(d.fields());
        if (c.faker) {
            c.add("datafaker", FakerPool.version());
        }
        return c.text.toString();
    }

    private void faults(Faults faults) {
        add("faults", faults.blockSize());
        Faults.Late late = faults.late();
        if (late != null) {
            add("late", share(late.share())).add("from", late.min()).add("to", late.max());
            spread(late.spread());
        }
        Faults.Duplicate duplicate = faults.duplicate();
        if (duplicate != null) {
            add("duplicate", share(duplicate.share())).add("within", duplicate.within());
        }
        Faults.Drop drop = faults.drop();
        if (drop != null) {
            add("drop", share(drop.share()));
        }
        Faults.Reorder reorder = faults.reorder();
        if (reorder != null) {
            add("reorder", share(reorder.share())).add("within", reorder.within());
        }
        Faults.Corrupt corrupt = faults.corrupt();
        if (corrupt != null) {
            add("corrupt", share(corrupt.share())).add("oversize", corrupt.oversizeBytes());
            corrupt.kinds().forEach(kind -> add("as", kind));
        }
        new TreeMap<>(faults.regions()).forEach((region, shares) -> { // by name: their order means nothing
            add("region", region);
            shares.forEach((kind, share) -> add(kind.word(), share(share)));
        });
    }

    /** As a fraction, since every share can be written as one. */
    private static String share(Share share) {
        return share.count() + "/" + share.of();
    }

    private void sessions(Sessions sessions) {
        add("sessions", sessions.think()).add("at_most", sessions.thinkAtMost()).add("under_way", sessions.begin());
        Kind.Length length = sessions.length();
        if (length != null) {
            add("length", length.min()).add("to", length.max()).add("geometric", length.geometric());
        }
        weights("begin", sessions.start());
        add("states", sessions.states().size());
        sessions.states().forEach(this::weights);
    }

    private void table(Table table) {
        Kind.Length lives = table.lives();
        if (lives != null) {
            add("lives", lives.min()).add("to", lives.max()).add("geometric", lives.geometric());
        }
        add("columns", table.columns().size());
        table.columns().forEach((name, column) -> {
            quoted(name);
            add("every", column.every());
            field(column.field());
        });
    }

    private void weights(String name, Map<String, BigDecimal> weights) {
        quoted(name);
        add("weights", weights.size());
        weights.forEach(this::add);
    }

    private Canonical fields(Map<String, Field> fields) {
        text.append("{\n");
        fields.forEach((name, field) -> {
            quoted(name);
            field(field);
        });
        text.append("}\n");
        return this;
    }

    private Canonical field(Field field) {
        field.kind().accept(this).add("nullable", field.nullablePpm()).add("absent", field.absentPpm());
        return field.isText() ? add("as", "text") : this;
    }

    @Override
    public Canonical constant(Kind.Constant k) {
        return value("constant", k.value());
    }

    @Override
    public Canonical id(Kind.Id k) {
        return add("id", k.pattern());
    }

    @Override
    public Canonical longId(Kind.LongId k) {
        return add("long_id", k.number());
    }

    @Override
    public Canonical sequence(Kind.SequenceNumber k) {
        return add("sequence", k.first());
    }

    @Override
    public Canonical occurrence(Kind.Occurrence k) {
        return add("occurrence", k.first());
    }

    @Override
    public Canonical time(Kind.Time k) {
        return add("time", k.format());
    }

    @Override
    public Canonical integer(Kind.IntRange k) {
        return bound("int", k.min()).bound("to", k.max()).spread(k.spread());
    }

    @Override
    public Canonical decimal(Kind.DecimalRange k) {
        return bound("decimal", k.min())
                .bound("to", k.max())
                .add("scale", k.scale())
                .spread(k.spread());
    }

    @Override
    public Canonical smooth(Kind.Smooth k) {
        add("smooth", k.min()).add("to", k.max()).add("scale", k.scale()).add("over", k.over());
        return add("daily", k.dailyPpm()).add("peak", k.peakMinute());
    }

    @Override
    public Canonical counter(Kind.Counter k) {
        return add("counter", k.rate()).add("reset", k.reset());
    }

    @Override
    public Canonical linear(Kind.Linear k) {
        add("linear", k.path()).add("times", k.times()).add("plus", k.plus()).add("noise", k.noise());
        return add("min", k.min()).add("max", k.max()).add("scale", k.scale());
    }

    @Override
    public Canonical bool(Kind.Bool k) {
        return add("bool", k.truePpm());
    }

    @Override
    public Canonical pick(Kind.Pick k) {
        add("pick", k.choices().size());
        k.choices().forEach(choice -> value("value", choice.value()).add("weight", choice.weight()));
        return this;
    }

    @Override
    public Canonical words(Kind.Words k) {
        add("words", k.words().size()).add("skew", k.skew());
        return quoted(k.words());
    }

    @Override
    public Canonical key(Kind.KeyText k) {
        return add("key", k.pattern());
    }

    @Override
    public Canonical keyNumber(Kind.KeyNumber k) {
        return add("key_number", "");
    }

    @Override
    public Canonical text(Kind.Text k) {
        return add("text", k.pattern());
    }

    @Override
    public Canonical faker(Kind.Faker k) {
        faker = true;
        return add("faker", k.expression()).add("pool", k.pool());
    }

    @Override
    public Canonical object(Kind.ObjectOf k) {
        return fields(k.fields());
    }

    @Override
    public Canonical list(Kind.ListOf k) {
        add("list", k.length().min()).add("to", k.length().max());
        return add("geometric", k.length().geometric()).field(k.element());
    }

    @Override
    public Canonical copy(Kind.Copy k) {
        return add("copy", k.path());
    }

    @Override
    public Canonical template(Kind.Template k) {
        return add("template", k.template());
    }

    @Override
    public Canonical when(Kind.When k) {
        add("when", k.path());
        fields(new TreeMap<>(k.cases())); // by value, so that their order means nothing
        Field otherwise = k.otherwise();
        if (otherwise != null) {
            text.append("else ");
            field(otherwise);
        }
        return this;
    }

    @Override
    public Canonical perKey(Kind.PerKey k) {
        text.append("per_key ");
        return field(k.field());
    }

    @Override
    public Canonical session(Kind.Session k) {
        return add("session", k.part()).add("as", k.pattern());
    }

    @Override
    public Canonical visits(Kind.Visits k) {
        return add("visits", k.state());
    }

    @Override
    public Canonical total(Kind.Total k) {
        return add("total", k.path());
    }

    @Override
    public Canonical perSession(Kind.PerSession k) {
        add("per_session", k.renewedBy().size());
        return quoted(k.renewedBy()).field(k.field());
    }

    @Override
    public Canonical change(Kind.Change k) {
        return add("change", k.part());
    }

    /** Settings of code: maps by name, since their order means nothing. */
    private void setting(@Nullable Object setting) {
        if (setting instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((name, value) -> sorted.put(String.valueOf(name), value));
            add("map", sorted.size());
            sorted.forEach((name, value) -> {
                quoted(name);
                setting(value);
            });
        } else if (setting instanceof List<?> list) {
            add("list", list.size());
            list.forEach(this::setting);
        } else {
            add("is", setting);
        }
    }

    /** A value as it is written in events: {@code 1.0} and {@code 1.00} differ there. */
    private Canonical value(String name, @Nullable Object value) {
        if (value instanceof BigDecimal number) {
            text.append(name).append(' ').append(number.toPlainString()).append('\n');
            return this;
        }
        return add(name, value);
    }

    private Canonical bound(String name, Kind.Bound bound) {
        BigDecimal number = bound.number();
        return number == null ? add(name, "@" + bound.path()) : add(name, number);
    }

    private Canonical spread(@Nullable Spread spread) {
        return spread == null ? this : add("spread", spread);
    }

    private Canonical add(String name, @Nullable Object value) {
        text.append(name).append(' ');
        if (value instanceof String string) {
            quoted(string);
        } else {
            text.append(value instanceof BigDecimal number ? plain(number) : String.valueOf(value))
                    .append('\n');
        }
        return this;
    }

    private Canonical quoted(List<String> strings) {
        strings.forEach(this::quoted);
        return this;
    }

    private void quoted(String string) {
        text.append(string.length()).append('"').append(string).append("\"\n");
    }

    private static String plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.signum() == 0 ? "0" : stripped.toPlainString();
    }
}
