package io.dataflux.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the program did when a test called it.
 *
 * @param data what it wrote to stdout
 * @param words what it wrote to stderr
 */
record Called(int code, String data, String words) {

    static Called with(String... line) {
        return with(List.of(line));
    }

    static Called with(List<String> line) {
        PrintStream stderr = System.err;
        ByteArrayOutputStream words = new ByteArrayOutputStream();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
        try {
            int code = Main.run(line, new Stdout(data));
            return new Called(code, data.toString(StandardCharsets.UTF_8), words.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(stderr);
        }
    }
}
