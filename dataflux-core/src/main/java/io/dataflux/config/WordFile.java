package io.dataflux.config;

import io.dataflux.problem.Problems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of words in a file of its own: UTF-8, one word per line; empty lines are skipped. */
final class WordFile {

    private static final long MAX_BYTES = 16L << 20;

    private WordFile() {}

    /**
     * The words, or null after a problem.
     *
     * @param name a path relative to the folder of the configuration
     * @param at where the name is written, for messages
     */
    static @Nullable List<String> read(String name, Tree at, Reading reading) {
        try {
            Path file = reading.folder().resolve(name);
            if (!Files.isRegularFile(file)) {
                reading.problem(
                        at,
                        "there is no file '" + name
                                + "' next to the configuration; check the name, or write the words as a list");
                return null;
            }
            if (Files.size(file) > MAX_BYTES) {
                reading.problem(at, "the file '" + name + "' is larger than 16 MiB; use a shorter list of words");
                return null;
            }
            List<String> words = Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList();
            if (words.isEmpty()) {
                reading.problem(at, "the file '" + name + "' has no words; write one word per line");
                return null;
            }
            return words;
        } catch (CharacterCodingException e) {
            reading.problem(at, "the file '" + name + "' is not UTF-8; save it as UTF-8");
        } catch (InvalidPathException e) {
            reading.problem(at, Problems.noPath(name));
        } catch (IOException e) {
            reading.problem(at, "the file '" + name + "' cannot be read; check its name and its permissions");
        }
        return null;
    }
}
