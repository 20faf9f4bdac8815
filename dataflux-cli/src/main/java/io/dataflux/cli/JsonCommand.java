package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * A command whose result can also be had as one JSON document on stdout, for programs. Each document has {@code format}, which changes
 * only when something that was there means something else or is gone, {@code command} and {@code exit_code}; if the command was refused or
 * failed, {@code problems} or {@code error}. Messages for people still go to stderr. docs/running.md describes the documents.
 */
abstract class JsonCommand extends Command {

    static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--json", description = "prints the result to stdout as one JSON document, for programs")
    private boolean json;

    /** Whether the document is all that goes to stdout. */
    boolean json() {
        return json;
    }

    @Override
    final int run(Stdout out) throws Exception {
        ObjectNode document = JSON.createObjectNode().put("format", FORMAT).put("command", name());
        try {
            int code = run(document, out);
            print(document, code, out);
            return code;
        } catch (ConfigurationException e) {
            ArrayNode problems = document.put("error", e.getMessage()).putArray("problems");
            e.problems()
                    .forEach(problem -> problems.addObject()
                            .put("path", problem.path())
                            .put("line", problem.line())
                            .put("what", problem.what()));
            print(document, WRONG_INPUT, out);
            throw e;
        } catch (DeliveryException e) {
            print(document.put("error", e.getMessage()), FAILED, out);
            throw e;
        }
    }

    private void print(ObjectNode document, int code, Stdout out) {
        if (json) {
            out.line(document.put("exit_code", code).toPrettyString());
            out.flush(); // also if an exception follows
        }
    }

    /** Runs the command, and notes in the document what came of it. */
    abstract int run(ObjectNode document, Stdout out) throws Exception;

    /** A file of the run. */
    static JsonNode content(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
