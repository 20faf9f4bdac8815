package io.dataflux.encode;

import io.dataflux.json.FieldPath;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is allowed in a stream, but may not be what its author or the readers of its events expect: numbers that doubles round, values of
 * several types in one field, and fields that hide the key or the state.
 */
final class Cautions {

    /** Beyond this, not every whole number is a double. */
    private static final long EXACT_IN_DOUBLES = 1L << 53;

    /** How far a stream is expected to be read: 35 years at 1,000 events a second. */
    private static final long LAST_EXPECTED = 1L << 40;

    private final List<String> found = new ArrayList<>();
    private final StreamDefinition definition;

    private Cautions(StreamDefinition definition) {
        this.definition = definition;
    }

    /** Sentences that begin with the place in the definition, such as {@code fields.total: ...}. */
    static List<String> of(StreamDefinition definition, StructureNodes.@Nullable Obj plan) {
        Cautions cautions = new Cautions(definition);
        if (plan != null) {
            plan.members().forEach((name, node) -> cautions.values(node, FieldPath.place("fields", name)));
            cautions.names(definition.fields(), new LinkedHashMap<>(), "fields");
        }
        return cautions.found;
    }

    private void values(Node node, String at) {
        if (node instanceof NumberNodes.AsText) {
            return;
        } else if (node instanceof Redirected elsewhere) {
            values(elsewhere.node(), at);
        } else if (node instanceof StructureNodes.OrNull orNull) {
            values(orNull.node(), at);
        } else if (node instanceof StructureNodes.Absent absent) {
            values(absent.node(), at);
        } else if (node instanceof ChangeNodes.Row row) {
            values(row.row(), at);
        } else if (node instanceof StructureNodes.Obj object) {
            object.members().forEach((name, member) -> values(member, FieldPath.place(at, name)));
        } else if (node instanceof StructureNodes.Elements list) {
            values(list.element(), at + "[]");
        } else if (node instanceof StructureNodes.Variant variant) {
            variant(variant, at);
        } else if (node instanceof TextNodes.LongId id && id.number()) {
            rounded(at, "2^62");
        } else if (node instanceof Node.Numeric number) {
            long[] reach = reach(number);
            if (Math.min(reach[0], -reach[1]) < -EXACT_IN_DOUBLES) {
                long far = -reach[0] > reach[1] ? reach[0] : reach[1];
                rounded(at, BigDecimal.valueOf(far, number.scale()).toPlainString());
            }
        } else if (node instanceof TextNodes.Dictionary dictionary) {
            dictionary.values().stream()
                    .filter(value -> value instanceof BigDecimal decimal && decimal.precision() > 15)
                    .findFirst()
                    .ifPresent(value -> rounded(at, value.toString()));
        }
    }

    private void rounded(String at, String number) {
        found.add(at + ": numbers such as " + number
                + " have more digits than a double holds, so some readers round them (JavaScript, jq, many JSON libraries);"
                + " 'as: text' writes them as text");
    }

    private void variant(StructureNodes.Variant variant, String at) {
        Set<JsonType> types = new TreeSet<>();
        Set<Node> seen = new LinkedHashSet<>();
        for (Node each : variant.cases()) {
            JsonType type = each == null ? null : JsonType.of(each);
            if (type != null) {
                types.add(type);
            }
            if (each != null && seen.add(each)) {
                values(each, at);
            }
        }
        if (types.size() > 1) {
            found.add(at + ": is "
                    + String.join(" or ", types.stream().map(JsonType::plural).toList())
                    + ", by the case of 'when'; readers that expect one type in a field fail, so give each type a field of its own,"
                    + " or write numbers with 'as: text'");
        }
    }

    /** The smallest and the largest value that an event is likely to have. */
    private static long[] reach(Node.Numeric number) {
        if (number instanceof NumberNodes.Scheduled scheduled) {
            long first = scheduled.first();
            return new long[] {first, first + Math.min(LAST_EXPECTED, scheduled.max() - first)};
        } else if (number instanceof NumberNodes.Range range) {
            return new long[] {reach(range.low())[0] * range.lowFactor(), reach(range.high())[1] * range.highFactor()};
        } else if (number instanceof Redirected elsewhere) {
            return reach((Node.Numeric) elsewhere.node());
        }
        // counts that start at 0 get there only after centuries
        return number instanceof Node.Count ? new long[2] : new long[] {number.min(), number.max()};
    }

    /** @param known the fields that can be seen from here, the innermost of each name */
    private void names(Map<String, Field> fields, Map<String, Field> known, String at) {
        Map<String, Field> seen = new LinkedHashMap<>(known);
        seen.putAll(fields);
        fields.forEach((name, field) -> field(field, seen, FieldPath.place(at, name)));
    }

    private void field(Field field, Map<String, Field> seen, String at) {
        Kind kind = field.kind();
        if (kind instanceof Kind.Copy copy) {
            hidden(copy.path(), "{copy: " + copy.path() + "}", seen, at);
        } else if (kind instanceof Kind.Template template) {
            for (String name : List.of("key", "state")) {
                if (template.template().contains("{" + name + "}")) {
                    hidden(name, "{" + name + "}", seen, at);
                }
            }
        } else if (kind instanceof Kind.When when && when.path().equals("state")) {
            hidden("state", "'field: state'", seen, at);
        }
        if (kind instanceof Kind.ObjectOf object) {
            names(object.fields(), seen, at);
        } else {
            kind.inner().forEach((place, inner) -> field(inner, seen, at + '.' + place));
        }
    }

    /** A name that stands for the event's key, or for the session's state, unless a field has it. */
    private void hidden(String name, String written, Map<String, Field> seen, String at) {
        Field hiding = seen.get(name);
        Key key = definition.key();
        if (hiding == null) {
            return;
        }
        Kind kind = hiding.kind();
        if (name.equals("key") && key != null) {
            boolean same = kind instanceof Kind.KeyText text
                            && (text.pattern() == null || text.pattern().equals(key.pattern()))
                    || kind instanceof Kind.Copy copy && copy.path().equals("key");
            hides(same, name, "the event's key", "{key: text}", written, at);
        } else if (name.equals("state")
                && definition.sessions() != null
                && !definition.sessions().states().isEmpty()) {
            boolean same = kind instanceof Kind.Session session && session.part() == Kind.SessionPart.STATE;
            hides(same, name, "the session's state", "{session: state}", written, at);
        }
    }

    private void hides(boolean same, String name, String what, String instead, String written, String at) {
        if (!same) {
            found.add(
                    at + ": " + written + " is the field '" + name + "' of the event, not " + what + "; for that write "
                            + instead + (written.startsWith("{copy") ? "" : " as a field of its own")
                            + ", or give the field '" + name + "' another name");
        }
    }
}
