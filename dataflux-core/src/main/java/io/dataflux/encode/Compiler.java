package io.dataflux.encode;

import io.dataflux.encode.Node.Choice;
import io.dataflux.encode.Node.Numeric;
import io.dataflux.json.Json;
import io.dataflux.json.Literal;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Sessions;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Mix;
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
 * Compiles the fields of a definition into nodes. A field that another one refers to is compiled once and shared: it is a pure function, so
 * computing it again where it is needed is cheaper than remembering it. Used once, by one thread.
 *
 * <p>Long because the kinds that refer to other fields are compiled here, each with its messages; the others have classes of their own.
 */
final class Compiler {

    /** Stands for a node that is being compiled: meeting it again means that fields depend on each other in a cycle. */
    private static final Node OPEN = new NumberNodes.Fixed(0, 0);

    /** Stands for a node that cannot be compiled, once the reason has been noted. */
    private static final Node BROKEN = new NumberNodes.Fixed(0, 0);

    private static final int MOST_CASES_BY_KEY = 4096;

    private static final String DRAWN_ALONE =
            " needs a value that is drawn and refers to no other field: pick, words, bool, text, faker, or int"
                    + " and decimal between numbers; for a variant put per_key inside the cases of when";

    private final StreamDefinition definition;
    private final long seed;
    private final long end;
    private final @Nullable SessionPlan sessions;
    private final @Nullable TablePlan table;
    private final Problems problems;
    private int problemsBefore;
    private @Nullable Scope columns;
    /** How often a column was asked for, by the row or by another one. */
    private int columnsAsked;

    private @Nullable Node row;

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

    private Node object(Scope scope) {
        if (scope.fields().isEmpty()) {
            return broken(scope.place(), "has no fields; an object needs at least one");
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

    static boolean mayBeAbsent(Node node) {
        return !node.always() && !(node instanceof StructureNodes.OrNull orNull && !mayBeAbsent(orNull.node()));
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

    private Node field(@Nullable Field field, Scope scope, String path, String place) {
        if (field == null) {
            return BROKEN;
        }
        Node node = kind(field.kind(), scope, path, place);
        if (field.nullablePpm() > 0) {
            node = new StructureNodes.OrNull(salt(path + "?null"), field.nullablePpm(), node);
        }
        if (field.absentPpm() > 0) {
            node = new StructureNodes.Absent(salt(path + "?absent"), field.absentPpm(), node);
        }
        return node;
    }

    private Node kind(Kind kind, Scope scope, String path, String place) {
        long salt = salt(path);
        try {
            if (kind instanceof Kind.Constant k) {
                return ChoiceKinds.constant(k.value());
            } else if (kind instanceof Kind.Id k) {
                return id(k, place);
            } else if (kind instanceof Kind.LongId k) {
                return new TextNodes.LongId(k.number());
            } else if (kind instanceof Kind.SequenceNumber k) {
                return counter(NumberNodes.Position.SEQUENCE, k.first(), "sequence", place);
            } else if (kind instanceof Kind.Occurrence k) {
                return counter(NumberNodes.Position.OCCURRENCE, k.first(), "occurrence", place);
            } else if (kind instanceof Kind.Time k) {
                return new TextNodes.Time(k.format());
            } else if (kind instanceof Kind.IntRange k) {
                return range(k.min(), k.max(), 0, k.spread(), scope, salt, place);
            } else if (kind instanceof Kind.DecimalRange k) {
                return range(k.min(), k.max(), k.scale(), k.spread(), scope, salt, place);
            } else if (kind instanceof Kind.Smooth k) {
                return new SlowKinds(definition, seed).smooth(k, salt);
            } else if (kind instanceof Kind.Counter k) {
                return new SlowKinds(definition, seed).counter(k, salt);
            } else if (kind instanceof Kind.Linear k) {
                Node of = find(k.path(), scope, place);
                return of == BROKEN
                        ? BROKEN
                        : new SlowKinds(definition, seed).linear(k, isNumeric(of) ? of : null, salt);
            } else if (kind instanceof Kind.Bool k) {
                return new TextNodes.Bool(salt, k.truePpm());
            } else if (kind instanceof Kind.Pick k) {
                return ChoiceKinds.pick(k, salt);
            } else if (kind instanceof Kind.Words k) {
                return ChoiceKinds.words(k, salt);
            } else if (kind instanceof Kind.KeyText || kind instanceof Kind.KeyNumber) {
                return key(kind, place);
            } else if (kind instanceof Kind.Text k) {
                return Pattern.parse(salt, k.pattern());
            } else if (kind instanceof Kind.Faker k) {
                return ChoiceKinds.faker(k, salt, seed);
            } else if (kind instanceof Kind.ObjectOf k) {
                return object(
                        scope.inner().computeIfAbsent(place, p -> Scope.of(k.fields(), scope, path, p, scope.level())));
            } else if (kind instanceof Kind.ListOf k) {
                return list(k, scope, path, place);
            } else if (kind instanceof Kind.Copy k) {
                return k.path().equals("key") && !known(scope, "key")
                        ? key(new Kind.KeyText(null), place)
                        : find(k.path(), scope, place);
            } else if (kind instanceof Kind.Template k) {
                return template(k, scope, place);
            } else if (kind instanceof Kind.When k) {
                return when(k, scope, path, place);
            } else if (kind instanceof Kind.PerKey k) {
                return perKey(k, scope, path, place);
            } else if (kind instanceof Kind.Change k) {
                return table == null
                        ? broken(place, "refers to changes, but the stream has no table; add table: {columns: ...}")
                        : table.part(k.part(), row == null ? BROKEN : row);
            } else if (kind instanceof Kind.Session
                    || kind instanceof Kind.Visits
                    || kind instanceof Kind.Total
                    || kind instanceof Kind.PerSession) {
                return sessions == null
                        ? broken(place, "refers to sessions, but the stream has none; add sessions: {think: 20s, ...}")
                        : session(sessions, kind, scope, path, place);
            }
        } catch (IllegalArgumentException e) {
            return broken(place, String.valueOf(e.getMessage()));
        }
        throw new IllegalStateException("no node for " + kind);
    }

    private Node counter(NumberNodes.Position position, long first, String word, String place) {
        return first < -Kind.SequenceNumber.LARGEST_FIRST || first > Kind.SequenceNumber.LARGEST_FIRST
                ? broken(place, word + " from " + first + " exceeds the range of numbers; begin between -2^62 and 2^62")
                : new NumberNodes.Scheduled(position, first, end);
    }

    private Node id(Kind.Id k, String place) {
        int gap = k.pattern().indexOf("{}");
        if (gap < 0 || k.pattern().indexOf("{}", gap + 2) >= 0) {
            return broken(
                    place,
                    "the pattern '" + k.pattern() + "' needs exactly one {} where the id goes, such as \"ord_{}\"");
        }
        return TextNodes.Id.of(k.pattern());
    }

    private Node key(Kind kind, String place) {
        Key key = definition.key();
        if (key == null) {
            return broken(
                    place, "refers to the key, but the stream has none; add key: {entity: \"user_{}\", count: 1000}");
        }
        if (kind instanceof Kind.KeyNumber) {
            return new NumberNodes.Scheduled(NumberNodes.Position.ENTITY, 0, key.count() - 1);
        }
        String pattern = ((Kind.KeyText) kind).pattern();
        String text = pattern == null ? key.pattern() : pattern;
        return text.indexOf("{}") < 0
                ? broken(place, "the pattern '" + text + "' needs {} for the number of the entity, such as \"user_{}\"")
                : TextNodes.KeyText.of(text);
    }

    private Node perKey(Kind.PerKey k, Scope scope, String path, String place) {
        Key key = definition.key();
        if (key == null) {
            return key(new Kind.KeyNumber(), place);
        }
        if (!isDrawnAlone(k.field().kind())) {
            return broken(place, "per_key" + DRAWN_ALONE);
        }
        long keySeed = Mix.sub(Mix.mix(seed), Mix.hash("per_key " + key.pattern()));
        return new PerKey(keySeed, field(k.field(), scope, path, place + ".per_key"));
    }

    private static boolean isDrawnAlone(Kind kind) {
        return kind instanceof Kind.Pick
                || kind instanceof Kind.Words
                || kind instanceof Kind.Bool
                || kind instanceof Kind.Text
                || kind instanceof Kind.Faker
                || kind instanceof Kind.IntRange i
                        && i.min().path() == null
                        && i.max().path() == null
                || kind instanceof Kind.DecimalRange d
                        && d.min().path() == null
                        && d.max().path() == null;
    }

    private Node session(SessionPlan plan, Kind kind, Scope scope, String path, String place) {
        if (kind instanceof Kind.Session k) {
            return switch (k.part()) {
                case ID -> plan.id(String.valueOf(k.pattern()));
                case NUMBER -> new SessionNodes.Counter(true, end);
                case STEP -> new SessionNodes.Counter(false, Sessions.LONGEST);
                case STATE -> state(plan, place);
                case PAUSE -> plan.pause();
            };
        } else if (kind instanceof Kind.Visits k) {
            long states = plan.states(List.of(k.state()), place, problems);
            return states == 0 ? BROKEN : new SessionNodes.Visits(states);
        } else if (kind instanceof Kind.PerSession k) {
            if (!isDrawnAlone(k.field().kind())) {
                return broken(place, "per_session" + DRAWN_ALONE.replace("per_key", "per_session"));
            }
            long states = plan.states(k.renewedBy(), place + ".renewed_by", problems);
            return states == 0 && !k.renewedBy().isEmpty()
                    ? BROKEN
                    : new SessionNodes.PerSession(states, field(k.field(), scope, path, place + ".per_session"));
        }
        String of = ((Kind.Total) kind).path();
        Node node = find(of, scope, place);
        if (node == BROKEN) {
            return BROKEN;
        }
        if (!SessionNodes.Total.isOfStep(node)) {
            return broken(
                    place,
                    "'" + of
                            + "' cannot be added up: it comes from the time or the number of the event, and those of the session's"
                            + " earlier events are not available; total needs a number that is drawn, or computed from such numbers");
        }
        Node total = SessionNodes.Total.of(node);
        return total == null
                ? broken(
                        place,
                        "'" + of
                                + "' cannot be added up: total needs a number, or a variant of numbers, that is never null"
                                + " or absent, with at most 10^15 in all its digits")
                : total;
    }

    private Node state(SessionPlan plan, String place) {
        StateMachine machine = plan.machine();
        return machine == null
                ? broken(place, "refers to states, but the sessions have none; add states to sessions")
                : SessionNodes.State.of(machine);
    }

    private Node range(
            Kind.Bound min, Kind.Bound max, int scale, @Nullable Spread spread, Scope scope, long salt, String place) {
        String low = min.path();
        String high = max.path();
        Node from = low == null ? null : find(low, scope, place);
        Node to = high == null ? null : find(high, scope, place);
        return from == BROKEN || to == BROKEN
                ? BROKEN
                : new NumberKinds(min, from, max, to, scale).between(spread, salt);
    }

    static boolean isNumeric(Node node) {
        return bare(node) instanceof Numeric;
    }

    /** The node without wrappers that only change the word or the element that it draws with. */
    private static Node bare(Node node) {
        return node instanceof Redirected elsewhere ? bare(elsewhere.node()) : node;
    }

    private static boolean isOneValue(Node node) {
        Node bare = bare(node);
        if (bare instanceof StructureNodes.Variant variant) {
            for (Node each : variant.cases()) {
                if (each != null && !isOneValue(each)) {
                    return false;
                }
            }
        }
        return !(bare instanceof StructureNodes.Obj)
                && !(bare instanceof ChangeNodes.Row)
                && !(bare instanceof StructureNodes.Elements);
    }

    private Node list(Kind.ListOf k, Scope scope, String path, String place) {
        Kind.Length length = k.length();
        if (length.min() < 0
                || length.max() < length.min()
                || length.max() > Kind.ListOf.MOST_ELEMENTS
                || scope.level() >= 4) {
            return broken(
                    place,
                    "a list has 0 to " + Kind.ListOf.MOST_ELEMENTS
                            + " elements, min is at most max, and lists are nested at most"
                            + " 4 deep; this one has min " + length.min() + " and max " + length.max());
        }
        BigDecimal p = length.geometric();
        if (p != null && (p.signum() <= 0 || p.compareTo(BigDecimal.ONE) > 0)) {
            return broken(place, "geometric " + p.toPlainString() + " is not above 0 and at most 1");
        }
        Scope inner = Scope.ofList(k.element(), scope, path, place);
        Node element = field(k.element(), inner, inner.path(), place + ".of");
        Alias lengths = p == null ? null : Alias.geometric(length.max() - length.min() + 1, p.doubleValue());
        return new StructureNodes.Elements(salt(path + "?length"), length.min(), length.max(), lengths, element);
    }

    private Node template(Kind.Template k, Scope scope, String place) {
        List<Literal> literals = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        String rest = k.template();
        for (int open = rest.indexOf('{'); open >= 0; open = rest.indexOf('{')) {
            int close = rest.indexOf('}', open);
            if (close < 0) {
                return broken(place, "the template '" + k.template() + "' opens a brace that is never closed");
            }
            String path = rest.substring(open + 1, close);
            Node node = path.equals("key") && !known(scope, "key")
                    ? key(new Kind.KeyText(null), place)
                    : find(path, scope, place);
            if (node == BROKEN) {
                return BROKEN;
            }
            if (!node.always() || !isOneValue(node)) {
                return broken(place, "{" + path + "} must be a field with one value that is never null or absent");
            }
            literals.add(Literal.of(Json.escaped(rest.substring(0, open))));
            values.add(node);
            rest = rest.substring(close + 1);
        }
        literals.add(Literal.of(Json.escaped(rest)));
        return new TextNodes.Template(literals, values);
    }

    private Node when(Kind.When k, Scope scope, String path, String place) {
        Node by = find(k.path(), scope, place);
        if (by == BROKEN) {
            return BROKEN;
        }
        Key key = definition.key();
        if (key != null && key.count() <= MOST_CASES_BY_KEY && bare(by) instanceof TextNodes.KeyText text) {
            by = TextNodes.KeyChoice.of(text, (int) key.count());
        }
        if (!(by instanceof Choice choice) || !(bare(by) instanceof Choice)) {
            return broken(
                    place,
                    "when needs a field with a few known values that is never null or absent (pick, words, bool, constant,"
                            + " faker, or the key of at most " + MOST_CASES_BY_KEY + " entities), and '" + k.path()
                            + "' is not one");
        }
        Field otherwise = k.otherwise();
        Node last = otherwise == null ? null : field(otherwise, scope, path, place + ".else");
        @Nullable Node[] cases = new Node[choice.choices()];
        Set<String> left = new LinkedHashSet<>(k.cases().keySet());
        Set<String> known = new TreeSet<>();
        Map<String, Node> compiled = new LinkedHashMap<>();
        k.cases().forEach((value, field) -> compiled.put(value, field(field, scope, path, place + ".is." + value)));
        for (int i = 0; i < cases.length; i++) {
            String value = choice.choiceText(i);
            known.add(value);
            left.remove(value);
            Node node = compiled.get(value);
            cases[i] = node == null ? last : node;
        }
        for (String value : left) {
            broken(
                    place + ".is." + value,
                    "'" + k.path() + "' never has the value '" + value + "'; it has " + some(known));
        }
        List<TextNodes.Dictionary> constants = new ArrayList<>();
        for (Node node : cases) {
            if (node instanceof TextNodes.Dictionary constant
                    && constant.choices() == 1
                    && constant.values().get(0) instanceof String) {
                constants.add(constant);
            }
        }
        return constants.size() == cases.length
                ? TextNodes.Mapped.of(choice, constants)
                : StructureNodes.Variant.of(choice, cases);
    }

    private static String some(Set<String> values) {
        List<String> first = values.stream().limit(12).toList();
        return String.join(", ", first)
                + (values.size() > first.size() ? " and " + (values.size() - first.size()) + " more" : "");
    }

    /** The node of a path, resolved from a scope: first in the innermost object, then outwards. */
    private Node find(String path, Scope from, String place) {
        String first = path.indexOf('.') < 0 ? path : path.substring(0, path.indexOf('.'));
        Scope scope = from;
        while (!scope.fields().containsKey(first)) {
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
        }
        int levels = from.level() - scope.level();
        String rest = path;
        while (rest.indexOf('.') >= 0) {
            String name = rest.substring(0, rest.indexOf('.'));
            Field field = scope.fields().get(name);
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
            rest = rest.substring(rest.indexOf('.') + 1);
        }
        if (!scope.fields().containsKey(rest)) {
            return broken(
                    place,
                    "there is no field '" + path + "'; '" + scope.path() + "' has "
                            + String.join(", ", scope.fields().keySet()));
        }
        Node node = node(scope, rest);
        return levels == 0 || node == BROKEN ? node : new StructureNodes.Outer(node, levels);
    }

    private static boolean known(Scope scope, String name) {
        for (Scope s = scope; s != null; s = s.outer()) {
            if (s.fields().containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    private Node broken(String place, String what) {
        problems.add(place, what);
        return BROKEN;
    }

    static long salt(String path) {
        return Mix.hash(path);
    }
}
