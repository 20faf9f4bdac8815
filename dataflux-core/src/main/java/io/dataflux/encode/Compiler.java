package io.dataflux.encode;

import io.dataflux.encode.Node.Numeric;
import io.dataflux.json.FieldPath;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Mix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the fields of a definition into nodes. A field that another one refers to is compiled once and shared: it is a pure function, so
 * computing it again where it is needed is cheaper than remembering it. {@link KindCompiler} compiles each kind. Used once, by one thread.
 */
final class Compiler {

    /** Stands for a node that is being compiled: meeting it again means that fields depend on each other in a cycle. */
    private static final Node OPEN = new NumberNodes.Fixed(0, 0);

    /** Stands for a node that cannot be compiled, once the reason has been noted. */
    static final Node BROKEN = new NumberNodes.Fixed(0, 0);

    final StreamDefinition definition;
    final long seed;
    final long end;
    final @Nullable SessionPlan sessions;
    final @Nullable TablePlan table;
    final Problems problems;
    private int problemsBefore;
    private @Nullable Scope columns;
    /** How often a column was asked for, by the row or by another one. */
    private int columnsAsked;

    @Nullable
    Node row;

    /**
     * @param sessions null for a stream without sessions
     * @param table null for a stream without a table
     */
    Compiler(
            StreamDefinition definition,
            long seed,
            long end,
            @Nullable SessionPlan sessions,
            @Nullable TablePlan table,
            Problems problems) {
        this.definition = definition;
        this.seed = seed;
        this.end = end;
        this.sessions = sessions;
        this.table = table;
        this.problems = problems;
    }

    /** The row of the table, or null if there is none; once the event has been compiled. */
    StructureNodes.@Nullable Obj row() {
        return row instanceof StructureNodes.Obj object ? object : null;
    }

    /** The whole event, or null if problems were noted under {@code place}. */
    StructureNodes.@Nullable Obj compile(String place) {
        problemsBefore = problems.count();
        if (table != null) {
            Map<String, Field> fields = new LinkedHashMap<>();
            table.table().columns().forEach((name, column) -> fields.put(name, column.field()));
            columns = Scope.of(fields, null, "table", place + ".table.columns", 0);
            row = object(columns);
        }
        Scope root = Scope.of(definition.fields(), null, "", place + ".fields", 0);
        Node event = object(root);
        return problems.count() == problemsBefore ? (StructureNodes.Obj) event : null;
    }

    Node object(Scope scope) {
        if (scope.fields().isEmpty()) {
            return broken(scope.place(), "has no fields; an object needs at least one");
        }
        refuseTwoFieldsOfOnePath(scope);
        if (scope.depth() > Kind.MOST_LEVELS) {
            return broken(
                    scope.place(),
                    "is level " + scope.depth() + " of the event, which has at most " + Kind.MOST_LEVELS
                            + "; move these fields further out");
        }
        List<Op> members = new ArrayList<>();
        Map<String, Node> nodes = new LinkedHashMap<>();
        long bytes = 2;
        for (String name : scope.fields().keySet()) {
            Node node = node(scope, name);
            try {
                StructureNodes.Member member = StructureNodes.Member.of(name, node);
                members.add(mayBeAbsent(node) ? new StructureNodes.OptionalMember(member) : member);
                bytes += member.name().length() + (long) node.maxBytes();
            } catch (IllegalArgumentException e) {
                problems.add(scope.placeOf(name), "the name cannot be written: " + e.getMessage());
            } catch (ArithmeticException e) {
                problems.add(scope.placeOf(name), "an event could grow beyond 2 GiB; use shorter lists or texts");
            }
            nodes.put(name, node);
        }
        return new StructureNodes.Obj(Fused.of(members), nodes, (int) Math.min(bytes, Integer.MAX_VALUE / 2));
    }

    /** A name with a dot could be read as the path of another field. */
    private void refuseTwoFieldsOfOnePath(Scope scope) {
        Map<String, String> names = new HashMap<>(); // order never seen
        scope.fields()
                .forEach((name, field) -> paths(name, field).forEach(path -> {
                    String other = names.putIfAbsent(path, name);
                    if (other != null && !other.equals(name)) {
                        problems.add(
                                scope.placeOf(name),
                                "the path '" + path + "' would lead to this field and to one of '" + other
                                        + "'; give one of the two another name");
                    }
                }));
    }

    private static Stream<String> paths(String name, Field field) {
        return field.kind() instanceof Kind.ObjectOf object
                ? Stream.concat(
                        Stream.of(name),
                        object.fields().entrySet().stream().flatMap(e -> paths(name + "." + e.getKey(), e.getValue())))
                : Stream.of(name);
    }

    static boolean mayBeAbsent(Node node) {
        return !node.always()
                && !(node instanceof StructureNodes.Null)
                && !(node instanceof StructureNodes.OrNull orNull && !mayBeAbsent(orNull.node()));
    }

    /** The node of a field of this scope. */
    @SuppressWarnings("ReferenceEquality") // the scope of the columns, not one that equals it
    private Node node(Scope scope, String name) {
        columnsAsked += scope == columns ? 1 : 0;
        int asked = columnsAsked;
        Node known = scope.nodes().get(name);
        if (known == OPEN) {
            return broken(
                    scope.placeOf(name), "depends on itself: fields that refer to each other must not form a cycle");
        }
        if (known != null) {
            return known;
        }
        scope.nodes().put(name, OPEN);
        Node node = field(scope.fields().get(name), scope, scope.pathOf(name), scope.placeOf(name));
        if (scope == columns && table != null && node != BROKEN) {
            node = table.column(name, scope.pathOf(name), node, columnsAsked == asked);
        }
        scope.nodes().put(name, node);
        return node;
    }

    Node field(@Nullable Field field, Scope scope, String path, String place) {
        if (field == null) {
            return BROKEN;
        }
        Node node;
        try {
            node = field.kind().accept(new KindCompiler(this, scope, path, place));
            node = field.isText() && node != BROKEN ? NumberNodes.AsText.of(node) : node;
        } catch (IllegalArgumentException e) {
            node = broken(place, String.valueOf(e.getMessage()));
        }
        if (field.nullablePpm() > 0) {
            node = new StructureNodes.OrNull(salt(path + "?null"), field.nullablePpm(), node);
        }
        if (field.absentPpm() > 0) {
            node = new StructureNodes.Absent(salt(path + "?absent"), field.absentPpm(), node);
        }
        return node;
    }

    static boolean isNumeric(Node node) {
        return bare(node) instanceof Numeric;
    }

    /** The node without wrappers that only change the word or the element that it draws with. */
    static Node bare(Node node) {
        return node instanceof Redirected elsewhere ? bare(elsewhere.node()) : node;
    }

    /** The node of a path, resolved from a scope: first in the innermost object, then outwards. */
    Node find(String path, Scope from, String place) {
        Scope scope = from;
        int end = nameEnd(path, 0, scope);
        while (end < 0) {
            Scope outer = scope.outer();
            if (outer == null) {
                StateMachine machine = sessions == null ? null : sessions.machine();
                if (machine != null && path.equals("state")) {
                    return SessionNodes.State.of(machine);
                }
                return broken(
                        place,
                        "there is no field '" + path + "'; the fields here are " + String.join(", ", from.names()));
            }
            scope = outer;
            end = nameEnd(path, 0, scope);
        }
        int levels = from.level() - scope.level();
        int begin = 0;
        while (end < path.length()) {
            String name = path.substring(begin, end);
            Field field = scope.fields().get(name);
            if (field != null && field.kind() instanceof Kind.Change change && TablePlan.isRow(change.part())) {
                Node node = column(path, path.substring(end + 1), change.part(), place);
                return levels == 0 || node == BROKEN ? node : new StructureNodes.Outer(node, levels);
            }
            if (field == null || !(field.kind() instanceof Kind.ObjectOf object)) {
                return broken(
                        place,
                        "'" + path + "' leads through '" + name
                                + "', which is not an object; only fields of objects can be"
                                + " named, not those of lists or variants");
            }
            Scope at = scope;
            scope = scope.inner()
                    .computeIfAbsent(
                            scope.placeOf(name), p -> Scope.of(object.fields(), at, at.pathOf(name), p, at.level()));
            begin = end + 1;
            end = nameEnd(path, begin, scope);
            if (end < 0) {
                return broken(
                        place,
                        "there is no field '" + path + "'; '" + scope.path() + "' has "
                                + String.join(", ", scope.fields().keySet()));
            }
        }
        String name = path.substring(begin);
        Scope outer = scope.outer();
        boolean itself = begin == 0 && (place + '.').startsWith(scope.placeOf(name) + '.');
        if (itself && scope.nodes().get(name) == OPEN && outer != null && outer.knows(name)) {
            return broken(
                    place,
                    "'" + name + "' is this field itself: it hides the field '" + name
                            + "' further out, which cannot be named from here; give one of the two another name");
        }
        Node node = node(scope, name);
        return levels == 0 || node == BROKEN ? node : new StructureNodes.Outer(node, levels);
    }

    private static int nameEnd(String path, int begin, Scope scope) {
        return FieldPath.nameEnd(path, begin, scope.fields()::containsKey);
    }

    /** A column of the row that a field shows: null where that is. */
    private Node column(String path, String name, Kind.ChangePart part, String place) {
        if (columns == null) {
            return BROKEN; // without a table the row itself has a problem
        }
        if (!columns.fields().containsKey(name)) {
            return broken(
                    place,
                    "'" + path + "' leads into a row, of which only whole columns can be named: "
                            + String.join(", ", columns.fields().keySet()));
        }
        Node node = node(columns, name);
        return node == BROKEN || table == null
                ? BROKEN
                : ChangeNodes.column((ChangeNodes.Row) table.part(part, node), node);
    }

    Node broken(String place, String what) {
        problems.add(place, what);
        return BROKEN;
    }

    static long salt(String path) {
        return Mix.hash(path);
    }
}
