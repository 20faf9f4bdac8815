package io.dataflux.encode;

import static io.dataflux.encode.Compiler.BROKEN;

import io.dataflux.encode.Node.Choice;
import io.dataflux.json.FieldPath;
import io.dataflux.json.Json;
import io.dataflux.json.Literal;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Sessions;
import io.dataflux.model.Spread;
import io.dataflux.schedule.Mix;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the kind of one field, with its messages. Problems are noted at the field, or thrown to be noted there. Long, because it has one
 * method per kind.
 *
 * @param all compiles the other fields
 * @param scope in which the field stands
 * @param path of the field within the event, and {@code place} within the definition
 */
record KindCompiler(Compiler all, Scope scope, String path, String place) implements Kind.Visitor<Node> {

    private static final int MOST_CASES_BY_KEY = 4096;

    private static final String DRAWN_ALONE =
            " needs a value that is drawn and refers to no other field: pick, words, bool, text, faker, or int"
                    + " and decimal between numbers; for a variant put per_key inside the cases of when";

    private long salt() {
        return Compiler.salt(path);
    }

    private Node find(String other) {
        return all.find(other, scope, place);
    }

    private Node broken(String what) {
        return all.broken(place, what);
    }

    @Override
    public Node constant(Kind.Constant k) {
        return ChoiceKinds.constant(k.value());
    }

    @Override
    public Node id(Kind.Id k) {
        if (TextNodes.gaps(k.pattern()) != 1) {
            return broken(
                    "the pattern '" + k.pattern() + "' needs exactly one {} where the id goes, such as \"ord_{}\"");
        }
        return TextNodes.Id.of(k.pattern());
    }

    @Override
    public Node longId(Kind.LongId k) {
        return new TextNodes.LongId(k.number());
    }

    @Override
    public Node sequence(Kind.SequenceNumber k) {
        return position(NumberNodes.Position.SEQUENCE, k.first(), "sequence");
    }

    @Override
    public Node occurrence(Kind.Occurrence k) {
        return position(NumberNodes.Position.OCCURRENCE, k.first(), "occurrence");
    }

    private Node position(NumberNodes.Position position, long first, String word) {
        return first < -Kind.SequenceNumber.LARGEST_FIRST || first > Kind.SequenceNumber.LARGEST_FIRST
                ? broken(word + " from " + first + " exceeds the range of numbers; begin between -2^62 and 2^62")
                : new NumberNodes.Scheduled(position, first, all.end);
    }

    @Override
    public Node time(Kind.Time k) {
        return new TextNodes.Time(k.format());
    }

    @Override
    public Node integer(Kind.IntRange k) {
        return range(k.min(), k.max(), 0, k.spread());
    }

    @Override
    public Node decimal(Kind.DecimalRange k) {
        return range(k.min(), k.max(), k.scale(), k.spread());
    }

    private Node range(Kind.Bound min, Kind.Bound max, int scale, @Nullable Spread spread) {
        String low = min.path();
        String high = max.path();
        Node from = low == null ? null : find(low);
        Node to = high == null ? null : find(high);
        return from == BROKEN || to == BROKEN
                ? BROKEN
                : new NumberKinds(min, from, max, to, scale).between(spread, salt());
    }

    @Override
    public Node smooth(Kind.Smooth k) {
        return new SlowKinds(all.definition, all.seed).smooth(k, salt());
    }

    @Override
    public Node counter(Kind.Counter k) {
        return new SlowKinds(all.definition, all.seed).counter(k, salt());
    }

    @Override
    public Node linear(Kind.Linear k) {
        Node of = find(k.path());
        return of == BROKEN
                ? BROKEN
                : new SlowKinds(all.definition, all.seed).linear(k, Compiler.isNumeric(of) ? of : null, salt());
    }

    @Override
    public Node bool(Kind.Bool k) {
        return new TextNodes.Bool(salt(), k.truePpm());
    }

    @Override
    public Node pick(Kind.Pick k) {
        return ChoiceKinds.pick(k, salt());
    }

    @Override
    public Node words(Kind.Words k) {
        return ChoiceKinds.words(k, salt());
    }

    @Override
    public Node text(Kind.Text k) {
        return Pattern.parse(salt(), k.pattern());
    }

    @Override
    public Node faker(Kind.Faker k) {
        return ChoiceKinds.faker(k, salt(), all.seed);
    }

    @Override
    public Node key(Kind.KeyText k) {
        return ofKey(key -> keyText(k.pattern() == null ? key.pattern() : k.pattern()));
    }

    private Node keyText(String pattern) {
        return TextNodes.gaps(pattern) != 1
                ? broken("the pattern '" + pattern
                        + "' needs {} once, for the number of the entity, such as \"user_{}\"")
                : TextNodes.KeyText.of(pattern);
    }

    @Override
    public Node keyNumber(Kind.KeyNumber k) {
        return ofKey(key -> new NumberNodes.Scheduled(NumberNodes.Position.ENTITY, 0, key.count() - 1));
    }

    @Override
    public Node perKey(Kind.PerKey k) {
        return ofKey(key -> {
            if (!isDrawnAlone(k.field())) {
                return broken("per_key" + DRAWN_ALONE);
            }
            long keySeed = Mix.sub(Mix.mix(all.seed), Mix.hash("per_key " + key.pattern()));
            return new PerKey(keySeed, all.field(k.field(), scope, path, place + ".per_key"));
        });
    }

    private Node ofKey(Function<Key, Node> how) {
        Key key = all.definition.key();
        return key == null
                ? broken("refers to the key, but the stream has none; add key: {entity: \"user_{}\", count: 1000}")
                : how.apply(key);
    }

    private static boolean isDrawnAlone(Field field) {
        return field.kind() instanceof Kind.Drawn drawn && drawn.isAlone();
    }

    @Override
    public Node object(Kind.ObjectOf k) {
        return all.object(
                scope.inner().computeIfAbsent(place, p -> Scope.of(k.fields(), scope, path, p, scope.level())));
    }

    @Override
    public Node list(Kind.ListOf k) {
        Kind.Length length = k.length();
        if (length.min() < 0
                || length.max() < length.min()
                || length.max() > Kind.ListOf.MOST_ELEMENTS
                || scope.level() >= Kind.ListOf.MOST_LISTS) {
            return broken("a list has 0 to " + Kind.ListOf.MOST_ELEMENTS
                    + " elements, min is at most max, and lists are nested at most " + Kind.ListOf.MOST_LISTS
                    + " deep; this one has min " + length.min() + " and max " + length.max());
        }
        BigDecimal p = length.geometric();
        if (p != null && (p.signum() <= 0 || p.compareTo(BigDecimal.ONE) > 0)) {
            return broken("geometric " + p.toPlainString() + " is not above 0 and at most 1");
        }
        Scope inner = Scope.ofList(k.element(), scope, path, place);
        Node element = all.field(k.element(), inner, inner.path(), place + ".of");
        Alias lengths = p == null ? null : Alias.geometric(length.max() - length.min() + 1, p.doubleValue());
        return new StructureNodes.Elements(
                Compiler.salt(path + "?length"), length.min(), length.max(), lengths, element);
    }

    @Override
    public Node copy(Kind.Copy k) {
        return fieldOrKey(k.path());
    }

    /** The field of a path; the event's key where no field is named so. */
    private Node fieldOrKey(String other) {
        return other.equals("key") && !scope.knows("key") ? key(new Kind.KeyText(null)) : find(other);
    }

    @Override
    public Node template(Kind.Template k) {
        List<Literal> literals = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        String rest = k.template();
        for (int open = rest.indexOf('{'); open >= 0; open = rest.indexOf('{')) {
            int close = rest.indexOf('}', open);
            if (close < 0) {
                return broken("the template '" + k.template() + "' opens a brace that is never closed");
            }
            String other = rest.substring(open + 1, close);
            Node node = fieldOrKey(other);
            if (node == BROKEN) {
                return BROKEN;
            }
            if (!node.always() || !isOneValue(node)) {
                return broken("{" + other + "} must be a field with one value that is never null or absent");
            }
            literals.add(Literal.of(Json.escaped(rest.substring(0, open))));
            values.add(node);
            rest = rest.substring(close + 1);
        }
        literals.add(Literal.of(Json.escaped(rest)));
        return new TextNodes.Template(literals, values);
    }

    private static boolean isOneValue(Node node) {
        Node bare = Compiler.bare(node);
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

    @Override
    public Node when(Kind.When k) {
        Node by = find(k.path());
        if (by == BROKEN) {
            return BROKEN;
        }
        Key key = all.definition.key();
        if (key != null && key.count() <= MOST_CASES_BY_KEY && Compiler.bare(by) instanceof TextNodes.KeyText text) {
            by = TextNodes.KeyChoice.of(text, (int) key.count());
        }
        if (!(by instanceof Choice choice) || !(Compiler.bare(by) instanceof Choice)) {
            return broken(
                    "when needs a field with a few known values that is never null or absent (pick, words, bool, constant,"
                            + " faker, or the key of at most " + MOST_CASES_BY_KEY + " entities), and '" + k.path()
                            + "' is not one");
        }
        Field otherwise = k.otherwise();
        Node last = otherwise == null ? null : all.field(otherwise, scope, path, place + ".else");
        @Nullable Node[] cases = new Node[choice.choices()];
        Set<String> left = new LinkedHashSet<>(k.cases().keySet());
        Set<String> known = new TreeSet<>();
        Map<String, Node> compiled = new LinkedHashMap<>();
        k.cases()
                .forEach((value, field) ->
                        compiled.put(value, all.field(field, scope, path, FieldPath.place(place + ".is", value))));
        for (int i = 0; i < cases.length; i++) {
            String value = choice.choiceText(i);
            known.add(value);
            left.remove(value);
            Node node = compiled.get(value);
            cases[i] = node == null ? last : node;
        }
        for (String value : left) {
            all.broken(
                    FieldPath.place(place + ".is", value),
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

    @Override
    public Node session(Kind.Session k) {
        return ofSession(plan -> switch (k.part()) {
            case ID -> plan.id(String.valueOf(k.pattern()));
            case NUMBER -> new SessionNodes.Counter(true, all.end);
            case STEP -> new SessionNodes.Counter(false, Sessions.LONGEST);
            case MISSED -> new SessionNodes.Missed();
            case STATE -> {
                StateMachine machine = plan.machine();
                yield machine == null
                        ? broken("refers to states, but the sessions have none; add states to sessions")
                        : SessionNodes.State.of(machine);
            }
            case PAUSE -> plan.pause();
        });
    }

    @Override
    public Node visits(Kind.Visits k) {
        return ofSession(plan -> {
            long states = plan.states(List.of(k.state()), place, all.problems);
            return states == 0 ? BROKEN : new SessionNodes.Visits(states);
        });
    }

    @Override
    public Node total(Kind.Total k) {
        return ofSession(plan -> {
            Node node = find(k.path());
            if (node == BROKEN) {
                return BROKEN;
            }
            if (!SessionNodes.Total.isOfStep(node)) {
                return broken(
                        "'" + k.path()
                                + "' cannot be added up: it comes from the time or the number of the event, and those of the session's"
                                + " earlier events are not available; total needs a number that is drawn, or computed from such numbers");
            }
            Node total = SessionNodes.Total.of(node);
            return total == null
                    ? broken("'" + k.path()
                            + "' cannot be added up: total needs a number, or a variant of numbers, that is never null"
                            + " or absent, with at most 10^15 in all its digits")
                    : total;
        });
    }

    @Override
    public Node perSession(Kind.PerSession k) {
        return ofSession(plan -> {
            if (!isDrawnAlone(k.field())) {
                return broken("per_session" + DRAWN_ALONE.replace("per_key", "per_session"));
            }
            long states = plan.states(k.renewedBy(), place + ".renewed_by", all.problems);
            return states == 0 && !k.renewedBy().isEmpty()
                    ? BROKEN
                    : new SessionNodes.PerSession(states, all.field(k.field(), scope, path, place + ".per_session"));
        });
    }

    private Node ofSession(Function<SessionPlan, Node> how) {
        return all.sessions == null
                ? broken("refers to sessions, but the stream has none; add sessions: {think: 20s, ...}")
                : how.apply(all.sessions);
    }

    @Override
    public Node change(Kind.Change k) {
        return all.table == null
                ? broken("refers to changes, but the stream has no table; add table: {columns: ...}")
                : all.table.part(k.part(), all.row == null ? BROKEN : all.row);
    }
}
