package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Lists the built-in streams, or shows one of them. */
@CommandLine.Command(header = "lists the built-in streams, or shows one")
final class StreamsCommand extends JsonCommand {

    private static final int EXAMPLES = 3;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the built-in stream to show")
    private @Nullable String name;

    @Override
    int run(ObjectNode document, Stdout out) {
        if (name != null) {
            describe(name, document);
            if (!json()) {
                show(name, out);
            }
            return GOOD;
        }
        List<String> names = DataFlux.streamNames();
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        ArrayNode list = document.putArray("streams");
        names.forEach(each -> list.addObject().put("name", each).put("summary", DataFlux.summary(each)));
        for (String name : json() ? List.<String>of() : names) {
            out.line(pad(name, width) + "  " + DataFlux.summary(name));
        }
        return GOOD;
    }

    private static void describe(String name, ObjectNode document) {
        EventStream stream = DataFlux.stream(name, StreamOptions.DEFAULT_SEED);
        StreamDefinition definition = DataFlux.definition(name);
        document.put("name", name).put("summary", DataFlux.summary(name));
        Key key = definition.key();
        if (key != null) {
            document.putObject("key")
                    .put("pattern", key.pattern())
                    .put("count", key.count())
                    .put("skew", key.skew());
        }
        definition.identity().forEach(document.putArray("identity")::add);
        document.put("shards", stream.shards()).put("seed", StreamOptions.DEFAULT_SEED);
        ObjectNode fields = document.putObject("fields");
        definition.fields().forEach((field, kind) -> fields.put(field, Words.of(kind)));
        ArrayNode examples = document.putArray("examples");
        stream.events(0, EXAMPLES).forEach(event -> examples.addRawValue(new RawValue(event.toString())));
    }

    private static void show(String name, Stdout out) {
        EventStream stream = DataFlux.stream(name, StreamOptions.DEFAULT_SEED);
        StreamDefinition definition = DataFlux.definition(name);
        out.line(name + ": " + DataFlux.summary(name) + "\n");
        Key key = definition.key();
        if (key != null) {
            out.line("key       " + key.pattern() + ", " + key.count() + " of them, "
                    + (key.skew().signum() == 0
                            ? "all equally often"
                            : "skew " + key.skew().toPlainString()));
        }
        out.line("identity  " + (definition.identity().isEmpty() ? "none" : String.join(" + ", definition.identity())));
        out.line("shards    " + stream.shards());
        out.line("rate      " + definition.rate() + " from " + definition.start() + ", unless configured otherwise\n");
        fields(definition.fields(), "  ", out);
        out.line("\n" + program() + " sample " + name + " --seed " + StreamOptions.DEFAULT_SEED + " --count "
                + EXAMPLES);
        for (Event event : stream.events(0, EXAMPLES)) {
            out.line(event);
        }
    }

    private static void fields(Map<String, Field> fields, String indent, Stdout out) {
        int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
        fields.forEach((name, field) -> {
            out.line(indent + pad(name, width) + "  " + Words.of(field));
            inner(field.kind(), indent + "  ", out);
        });
    }

    private static void inner(Kind kind, String indent, Stdout out) {
        if (kind instanceof Kind.ObjectOf object) {
            fields(object.fields(), indent, out);
        } else if (kind instanceof Kind.ListOf list) {
            inner(list.element().kind(), indent, out);
        } else if (kind instanceof Kind.When when) {
            fields(when.cases(), indent, out);
        } else if (kind instanceof Kind.PerKey same) {
            inner(same.field().kind(), indent, out);
        } else if (kind instanceof Kind.PerSession same) {
            inner(same.field().kind(), indent, out);
        }
    }
}
