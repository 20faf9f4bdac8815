package io.dataflux.examples.standalone;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import java.math.BigDecimal;
import java.util.stream.Collectors;

/** A field in a few words. */
final class Words {

    private static final int SHOWN = 6;

    private Words() {}

    static String of(Field field) {
        return of(field.kind())
                + (field.nullablePpm() > 0 ? ", null in " + percent(field.nullablePpm()) : "")
                + (field.absentPpm() > 0 ? ", left out of " + percent(field.absentPpm()) : "");
    }

    private static String of(Kind kind) {
        if (kind instanceof Kind.Constant k) {
            return "always " + k.value();
        } else if (kind instanceof Kind.Id k) {
            return "the event's id, " + k.pattern().replace("{}", "<uuid>");
        } else if (kind instanceof Kind.LongId) {
            return "the event's id, a number";
        } else if (kind instanceof Kind.SequenceNumber) {
            return "the sequence";
        } else if (kind instanceof Kind.Occurrence) {
            return "counts the key's events";
        } else if (kind instanceof Kind.Time k) {
            return "the event time, " + k.format().name().toLowerCase(java.util.Locale.ROOT);
        } else if (kind instanceof Kind.IntRange k) {
            return "whole number, " + bound(k.min()) + " to " + bound(k.max());
        } else if (kind instanceof Kind.DecimalRange k) {
            return "decimal, " + bound(k.min()) + " to " + bound(k.max());
        } else if (kind instanceof Kind.Bool k) {
            return "true in " + percent(k.truePpm());
        } else if (kind instanceof Kind.Pick k) {
            return "one of "
                    + k.choices().stream()
                            .limit(SHOWN)
                            .map(c -> String.valueOf(c.value()))
                            .collect(Collectors.joining(", "))
                    + more(k.choices().size());
        } else if (kind instanceof Kind.Words k) {
            return "word such as "
                    + String.join(
                            ", ", k.words().subList(0, Math.min(3, k.words().size())));
        } else if (kind instanceof Kind.KeyText k) {
            return k.pattern() == null ? "the key" : "of the key, " + k.pattern();
        } else if (kind instanceof Kind.KeyNumber) {
            return "the key's number";
        } else if (kind instanceof Kind.Text k) {
            return "text like " + k.pattern();
        } else if (kind instanceof Kind.Faker k) {
            return k.expression() + ", " + k.pool() + " different";
        } else if (kind instanceof Kind.ObjectOf) {
            return "object:";
        } else if (kind instanceof Kind.ListOf k) {
            return "list of " + k.length().min() + " to " + k.length().max() + ":";
        } else if (kind instanceof Kind.Copy k) {
            return "same as " + k.path();
        } else if (kind instanceof Kind.Template k) {
            return "text " + k.template();
        } else if (kind instanceof Kind.When k) {
            return "by " + k.path() + (k.otherwise() == null ? ":" : ", else " + of(k.otherwise()) + ":");
        }
        throw new IllegalStateException("no words for " + kind);
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
