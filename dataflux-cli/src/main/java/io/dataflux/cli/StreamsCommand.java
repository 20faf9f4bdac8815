package io.dataflux.cli;

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
final class StreamsCommand extends Command {

    private static final int EXAMPLES = 3;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the built-in stream to show")
    private @Nullable String name;

    @Override
    int run(Stdout out) {
        if (name != null) {
            show(name, out);
            return GOOD;
        }
        List<String> names = DataFlux.streamNames();
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        for (String name : names) {
            out.line(pad(name, width) + "  " + DataFlux.summary(name));
        }
        return GOOD;
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
