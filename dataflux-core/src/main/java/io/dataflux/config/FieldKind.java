package io.dataflux.config;

import static io.dataflux.config.Shape.anyOf;
import static io.dataflux.config.Shape.bool;
import static io.dataflux.config.Shape.list;
import static io.dataflux.config.Shape.map;
import static io.dataflux.config.Shape.named;
import static io.dataflux.config.Shape.number;
import static io.dataflux.config.Shape.oneOf;
import static io.dataflux.config.Shape.only;
import static io.dataflux.config.Shape.typed;
import static io.dataflux.config.Shape.valuesByName;
import static io.dataflux.config.Shape.whole;
import static io.dataflux.config.ValueKinds.made;

import io.dataflux.model.Kind;
import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Kind.TimeFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind of field as configurations have it. {@link #ALL} is the only list of them: {@link FieldReader} reads what is in it, messages name
 * it, and the JSON Schema tells it to editors. A word whose forms have different keys is in it once for each form.
 *
 * @param word the key of a field that says its kind
 * @param shape of the field, without what every field can have
 * @param holdsFields whether fields stand within it
 * @param reader of what belongs to the kind
 * @param examples of whole fields
 */
record FieldKind(String word, Shape shape, boolean holdsFields, Reader reader, List<String> examples) {

    /** Reads a kind; null after a problem. */
    interface Reader {
        /**
         * @param f reads fields within this one, and values
         * @param v the value of the word
         * @param s the settings of the field, for what else belongs to the kind
         */
        @Nullable
        Kind read(FieldReader f, Tree v, SettingsReader s);
    }

    private static final Shape SCALE =
            whole(0, Kind.MOST_SCALE).says("Decimal places; by default those of the bounds.");

    static final List<FieldKind> ALL = List.of(
            of(
                    "constant",
                    "The same text, number, true, false or null in every event.",
                    anyOf(named("scalar"), typed("null")),
                    (f, v, s) -> f.values.constant(v),
                    "{constant: EUR}",
                    "{constant: 1}",
                    "{constant: null}"),
            of(
                            "id",
                            "The event's identity as a number, written as a string unless 'number' is true.",
                            only("long"),
                            (f, v, s) -> f.values.id(v, s),
                            "{id: long}")
                    .key(
                            "number",
                            bool().says("Write it as a number; few JSON parsers read all 64 bits.")
                                    .orElse(false)),
            of(
                    "id",
                    "The event's identity as a UUID: 'uuid' alone, or text in which {} stands for the UUID.",
                    Shape.text("^uuid$|\\{\\}"),
                    (f, v, s) -> f.values.id(v, s),
                    "{id: uuid}",
                    "{id: \"evt_{}\"}"),
            of(
                    "sequence",
                    "The event's number in the stream, starting from this number.",
                    whole(),
                    (f, v, s) -> made(f.values.first(v), Kind.SequenceNumber::new),
                    "{sequence: 0}"),
            of(
                    "occurrence",
                    "The event's number among the events of its key, starting from this number.",
                    whole(),
                    (f, v, s) -> made(f.values.first(v), Kind.Occurrence::new),
                    "{occurrence: 1}"),
            of("time", "The event time.", oneOf(List.of("event")), (f, v, s) -> f.values.time(v, s), "{time: event}")
                    .key(
                            "format",
                            oneOf(ValueKinds.words(TimeFormat.values()))
                                    .says("The format.")
                                    .orElse("iso_millis")),
            of(
                            "int",
                            "A whole number between two bounds, both inclusive.",
                            named("bounds"),
                            (f, v, s) -> f.values.integers(v, s),
                            "{int: [1, 5]}",
                            "{int: [0, capacity]}")
                    .key("spread", named("spread")),
            of(
                            "decimal",
                            "A decimal number between two bounds, both inclusive.",
                            named("bounds"),
                            (f, v, s) -> f.values.decimals(v, s),
                            "{decimal: [\"0.99\", \"199.99\"]}")
                    .key("scale", SCALE)
                    .key("spread", named("spread")),
            of(
                            "smooth",
                            "A number that moves slowly and randomly between two bounds, separately for each key.",
                            named("numerals"),
                            (f, v, s) -> f.slow.smooth(v, s),
                            "{smooth: [\"18.0\", \"26.9\"], over: 20m, daily: 40%, peak: \"15:00\"}")
                    .needs("over", named("duration").says("Roughly how long it takes to get from low to high."))
                    .key("scale", SCALE)
                    .key("daily", named("share").says("How much of the value follows the time of day."))
                    .key("peak", named("clock").says("The time of day at which it is highest.")),
            of(
                            "counter",
                            "A number that only grows, separately for each key; the rate is the average growth.",
                            named("rateText"),
                            (f, v, s) -> f.slow.counter(v, s),
                            "{counter: 50/s, reset: 1d}")
                    .key("reset", named("duration").says("How often it starts again from zero.")),
            of(
                            "linear",
                            "A number that follows another field: times * value + plus, with noise.",
                            map().needs("of", Shape.text().says("The path of the other field."))
                                    .key("times", named("numeral").orElse(1))
                                    .key("plus", named("numeral").orElse(0))
                                    .key(
                                            "noise",
                                            named("numeral")
                                                    .says("The largest deviation in either direction.")
                                                    .orElse(0))
                                    .needs("within", named("numerals").says("The smallest and the largest value.")),
                            (f, v, s) -> f.slow.linear(v, s),
                            "{linear: {of: temp, times: -1.2, plus: 95, noise: 4, within: [10, 100]}}")
                    .key("scale", SCALE),
            of(
                    "bool",
                    "true or false; the percentage says how often it is true.",
                    named("share"),
                    (f, v, s) -> made(f.values.share(v), Kind.Bool::new),
                    "{bool: 25%}"),
            of(
                    "pick",
                    "One of several values: a map of values to weights, or a list of equally frequent values.",
                    anyOf(
                            valuesByName(1, named("weight")).says("Values and weights."),
                            list(1, typed("string", "integer", "boolean"))),
                    (f, v, s) -> f.values.pick(v),
                    "{pick: {web: 6, app: 3}}",
                    "{pick: [red, blue]}"),
            of(
                            "words",
                            "A word from a list, or a line of a file next to the configuration.",
                            named("texts"),
                            (f, v, s) -> f.values.words(v, s),
                            "{words: [a, b], skew: 1.1}")
                    .key(
                            "skew",
                            number(NumberRange.SKEW)
                                    .says(
                                            "How unequal the frequencies are: 0 all the same, 1 like words in a text (Zipf).")
                                    .orElse(0)),
            of(
                    "key",
                    "The event's key: its 'text', the 'number' of its entity, or text in which {} stands for the number.",
                    Shape.text("^(text|number)$|\\{\\}"),
                    (f, v, s) -> f.values.key(v),
                    "{key: text}",
                    "{key: number}",
                    "{key: \"user_{}\"}"),
            text(
                    "text",
                    "Random text that matches a pattern: characters, classes such as [A-Z0-9] and [^a-c], \\d, \\w, and counts such as {5}"
                            + " or {2,8}. It has no groups and no alternatives.",
                    Kind.Text::new,
                    "{text: \"C[A-Z]{4}\"}",
                    "{text: \"[0-9]{5}\"}",
                    "{text: \"\\\\d{3}-[^a-z]\"}"),
            of(
                            "faker",
                            "A Datafaker expression; its values are generated once into a pool.",
                            Shape.text(),
                            (f, v, s) -> f.values.faker(v, s),
                            "{faker: \"#{name.fullName}\"}")
                    .key(
                            "pool",
                            whole(1, Kind.Faker.MOST_POOL)
                                    .says("How many different values the pool has.")
                                    .orElse(ValueKinds.DEFAULT_POOL)),
            holding(
                    "object",
                    "An object with fields of its own.",
                    named("fields"),
                    (f, v, s) -> f.object(v),
                    "{object: {zip: {text: \"[0-9]{5}\"}}}"),
            holding(
                            "list",
                            "A list.",
                            map().needs("length", named("length").says("How many elements.")),
                            (f, v, s) -> f.list(v, s),
                            "{list: {length: [1, 8]}, of: {int: [1, 5]}}")
                    .needs(
                            "of",
                            anyOf(named("field"), named("fields"))
                                    .says("The field that is repeated, or the fields of the object that is repeated.")),
            text("copy", "The value of another field, or 'key'.", Kind.Copy::new, "{copy: address.zip}", "{copy: key}"),
            text(
                    "template",
                    "Text that names other fields in braces.",
                    Kind.Template::new,
                    "{template: \"{city}-{zip}\"}"),
            holding(
                    "when",
                    "A field that depends on the value of another one.",
                    map().needs("field", Shape.text().says("The path of the other field."))
                            .needs("is", valuesByName(0, named("field")).says("Fields by its value."))
                            .key(
                                    "else",
                                    named("field")
                                            .says("The field for all other values; without it the field is left out.")),
                    (f, v, s) -> f.when(v),
                    "{when: {field: type, is: {buffer: {int: [50, 8000]}}, else: {constant: 0}}}"),
            holding(
                    "per_key",
                    "A field that is the same in all events of a key.",
                    named("field"),
                    (f, v, s) -> f.perKey(v),
                    "{per_key: {pick: {sensor: 3, gateway: 1}}}"),
            of(
                    "session",
                    "A part of the event's session: id, number, step, missed (steps before the stream began), state, pause (milliseconds"
                            + " since the previous event), or text in which {} stands for the id.",
                    Shape.text("^(" + String.join("|", ValueKinds.words(SessionPart.values())) + ")$|\\{\\}"),
                    (f, v, s) -> f.values.session(v),
                    "{session: id}",
                    "{session: \"ses_{}\"}",
                    "{session: state}"),
            text(
                    "visits",
                    "How many events of the session so far were in this state.",
                    Kind.Visits::new,
                    "{visits: cart}"),
            text(
                    "total",
                    "The sum of this field over the events of the session so far.",
                    Kind.Total::new,
                    "{total: quantity}"),
            holding(
                            "per_session",
                            "A field that all events of a session share.",
                            named("field"),
                            (f, v, s) -> f.perSession(v, s),
                            "{per_session: {pick: [shoes, hats]}, renewed_by: [search]}")
                    .key("renewed_by", named("texts").says("States in which it gets a new value.")),
            of(
                    "change",
                    "A part of the change: operation (INSERT, UPDATE, DELETE), code (c, u, d), before, after, row (after, or"
                            + " before in a delete), version, snapshot.",
                    oneOf(ValueKinds.words(ChangePart.values())),
                    (f, v, s) -> f.values.change(v),
                    "{change: operation}",
                    "{change: after}"));

    /** The words, in the order of the list. */
    static final List<String> WORDS =
            ALL.stream().map(FieldKind::word).distinct().toList();

    /** The kind of one of the {@link #WORDS}; the forms of a word have one reader. */
    static FieldKind of(String word) {
        return ALL.stream().filter(kind -> kind.word.equals(word)).findFirst().orElseThrow();
    }

    private static FieldKind of(String word, String what, Shape value, Reader reader, String... examples) {
        return new FieldKind(word, Shape.empty().needs(word, value.says(what)), false, reader, List.of(examples));
    }

    private static FieldKind holding(String word, String what, Shape value, Reader reader, String example) {
        return new FieldKind(word, Shape.empty().needs(word, value.says(what)), true, reader, List.of(example));
    }

    /** A kind that is made of text. */
    private static FieldKind text(String word, String what, Function<String, Kind> made, String... examples) {
        return of(word, what, Shape.text(), (f, v, s) -> made(f.reading.text(v), made), examples);
    }

    private FieldKind key(String name, Shape value) {
        return new FieldKind(word, shape.key(name, value), holdsFields, reader, examples);
    }

    private FieldKind needs(String name, Shape value) {
        return new FieldKind(word, shape.needs(name, value), holdsFields, reader, examples);
    }
}
