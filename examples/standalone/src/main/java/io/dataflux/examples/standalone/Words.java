package io.dataflux.examples.standalone;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.Collectors;

/** Describes a field in a few words. */
final class Words {

    private static final int SHOWN = 6;

    private Words() {}

    static String of(Field field) {
        return of(field.kind())
                + (field.nullablePpm() > 0 ? ", null in " + percent(field.nullablePpm()) + " of events" : "")
                + (field.absentPpm() > 0 ? ", absent from " + percent(field.absentPpm()) + " of events" : "");
    }

    private static String of(Kind kind) {
        if (kind instanceof Kind.Constant k) {
            return "always " + k.value();
        } else if (kind instanceof Kind.Id k) {
            return "the event's id, " + k.pattern().replace("{}", "<uuid>");
        } else if (kind instanceof Kind.LongId) {
            return "the event's id, a number";
        } else if (kind instanceof Kind.SequenceNumber) {
            return "the event's number in the stream";
        } else if (kind instanceof Kind.Occurrence) {
            return "the event's number among the events of its key";
        } else if (kind instanceof Kind.Time k) {
            return "the event time, " + lower(k.format());
        } else if (kind instanceof Kind.IntRange k) {
            return "a whole number, " + bound(k.min()) + " to " + bound(k.max());
        } else if (kind instanceof Kind.DecimalRange k) {
            return "a decimal, " + bound(k.min()) + " to " + bound(k.max());
        } else if (kind instanceof Kind.Bool k) {
            return "true in " + percent(k.truePpm()) + " of events";
        } else if (kind instanceof Kind.Pick k) {
            return "one of "
                    + k.choices().stream()
                            .limit(SHOWN)
                            .map(c -> String.valueOf(c.value()))
                            .collect(Collectors.joining(", "))
                    + more(k.choices().size());
        } else if (kind instanceof Kind.Words k) {
            return "a word such as "
                    + String.join(
                            ", ", k.words().subList(0, Math.min(3, k.words().size())));
        } else if (kind instanceof Kind.KeyText k) {
            return k.pattern() == null ? "the key" : "the key's number as " + k.pattern();
        } else if (kind instanceof Kind.KeyNumber) {
            return "the key's number";
        } else if (kind instanceof Kind.Text k) {
            return "text like " + k.pattern();
        } else if (kind instanceof Kind.Faker k) {
            return k.expression() + ", " + k.pool() + " different values";
        } else if (kind instanceof Kind.ObjectOf) {
            return "an object:";
        } else if (kind instanceof Kind.ListOf k) {
            return "a list of " + k.length().min() + " to " + k.length().max() + ":";
        } else if (kind instanceof Kind.Copy k) {
            return "the same as " + k.path();
        } else if (kind instanceof Kind.Template k) {
            return "text " + k.template();
        } else if (kind instanceof Kind.When k) {
            return "depends on " + k.path() + (k.otherwise() == null ? ":" : ", otherwise " + of(k.otherwise()) + ":");
        } else if (kind instanceof Kind.Smooth k) {
            return "a number that moves slowly, " + k.min().toPlainString() + " to "
                    + k.max().toPlainString();
        } else if (kind instanceof Kind.Counter k) {
            return "a counter per key, " + k.rate();
        } else if (kind instanceof Kind.Linear k) {
            return "follows " + k.path();
        } else if (kind instanceof Kind.PerKey k) {
            return "per key, " + of(k.field());
        } else if (kind instanceof Kind.Session k) {
            return k.pattern() == null
                    ? "the session's " + lower(k.part())
                    : "the session's id, " + k.pattern().replace("{}", "<id>");
        } else if (kind instanceof Kind.Visits k) {
            return "how many events of the session were in " + k.state();
        } else if (kind instanceof Kind.Total k) {
            return "the sum of " + k.path() + " over the session";
        } else if (kind instanceof Kind.PerSession k) {
            return "per session, " + of(k.field());
        } else if (kind instanceof Kind.Change k) {
            return "the change's " + lower(k.part());
        }
        throw new IllegalStateException("no words for " + kind);
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
