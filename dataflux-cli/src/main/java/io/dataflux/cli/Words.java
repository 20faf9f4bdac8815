package io.dataflux.cli;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.Collectors;

/** Describes fields in a few words. */
final class Words implements Kind.Visitor<String> {

    private static final int SHOWN = 6;

    private Words() {}

    static String of(Field field) {
        return field.kind().accept(new Words())
                + (field.isText() ? ", as text" : "")
                + (field.nullablePpm() > 0 ? ", null in " + percent(field.nullablePpm()) + " of events" : "")
                + (field.absentPpm() > 0 ? ", absent from " + percent(field.absentPpm()) + " of events" : "");
    }

    @Override
    public String constant(Kind.Constant k) {
        return "always " + k.value();
    }

    @Override
    public String id(Kind.Id k) {
        return "the event's id, " + k.pattern().replace("{}", "<uuid>");
    }

    @Override
    public String longId(Kind.LongId k) {
        return "the event's id, a number";
    }

    @Override
    public String sequence(Kind.SequenceNumber k) {
        return "the event's number in the stream";
    }

    @Override
    public String occurrence(Kind.Occurrence k) {
        return "the event's number among the events of its key";
    }

    @Override
    public String time(Kind.Time k) {
        return "the event time, " + lower(k.format());
    }

    @Override
    public String integer(Kind.IntRange k) {
        return "a whole number, " + bound(k.min()) + " to " + bound(k.max());
    }

    @Override
    public String decimal(Kind.DecimalRange k) {
        return "a decimal, " + bound(k.min()) + " to " + bound(k.max());
    }

    @Override
    public String smooth(Kind.Smooth k) {
        return "a number that moves slowly, " + k.min().toPlainString() + " to "
                + k.max().toPlainString();
    }

    @Override
    public String counter(Kind.Counter k) {
        return "a counter per key, " + k.rate();
    }

    @Override
    public String linear(Kind.Linear k) {
        return "follows " + k.path();
    }

    @Override
    public String bool(Kind.Bool k) {
        return "true in " + percent(k.truePpm()) + " of events";
    }

    @Override
    public String pick(Kind.Pick k) {
        return "one of "
                + k.choices().stream()
                        .limit(SHOWN)
                        .map(c -> String.valueOf(c.value()))
                        .collect(Collectors.joining(", "))
                + more(k.choices().size());
    }

    @Override
    public String words(Kind.Words k) {
        return "a word such as "
                + String.join(", ", k.words().subList(0, Math.min(3, k.words().size())));
    }

    @Override
    public String key(Kind.KeyText k) {
        return k.pattern() == null ? "the key" : "the key's number as " + k.pattern();
    }

    @Override
    public String keyNumber(Kind.KeyNumber k) {
        return "the key's number";
    }

    @Override
    public String text(Kind.Text k) {
        return "text like " + k.pattern();
    }

    @Override
    public String faker(Kind.Faker k) {
        return k.expression() + ", " + k.pool() + " different values";
    }

    @Override
    public String object(Kind.ObjectOf k) {
        return "an object:";
    }

    @Override
    public String list(Kind.ListOf k) {
        return "a list of " + k.length().min() + " to " + k.length().max() + ":";
    }

    @Override
    public String copy(Kind.Copy k) {
        return "the same as " + k.path();
    }

    @Override
    public String template(Kind.Template k) {
        return "text " + k.template();
    }

    @Override
    public String when(Kind.When k) {
        return "depends on " + k.path() + (k.otherwise() == null ? ":" : ", otherwise " + of(k.otherwise()) + ":");
    }

    @Override
    public String perKey(Kind.PerKey k) {
        return "per key, " + of(k.field());
    }

    @Override
    public String session(Kind.Session k) {
        return k.pattern() == null
                ? "the session's " + lower(k.part())
                : "the session's id, " + k.pattern().replace("{}", "<id>");
    }

    @Override
    public String visits(Kind.Visits k) {
        return "how many events of the session were in " + k.state();
    }

    @Override
    public String total(Kind.Total k) {
        return "the sum of " + k.path() + " over the session";
    }

    @Override
    public String perSession(Kind.PerSession k) {
        return "per session, " + of(k.field());
    }

    @Override
    public String change(Kind.Change k) {
        return "the change's " + lower(k.part());
    }

    private static String lower(Enum<?> part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private static String bound(Kind.Bound bound) {
        BigDecimal number = bound.number();
        return number == null ? String.valueOf(bound.path()) : number.toPlainString();
    }

    private static String more(int size) {
        return size > SHOWN ? " and " + (size - SHOWN) + " more" : "";
    }

    private static String percent(int ppm) {
        return BigDecimal.valueOf(ppm, 4).stripTrailingZeros().toPlainString() + "%";
    }
}
