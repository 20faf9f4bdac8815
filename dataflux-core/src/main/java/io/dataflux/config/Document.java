package io.dataflux.config;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Problems.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML or JSON file as a tree, together with the mistakes found in it. A file that cannot be read as a tree at all (not UTF-8, broken
 * syntax) fails at once; mistakes within a readable file are noted and reading continues.
 */
final class Document {

    static final int MAX_BYTES = 1 << 20;

    private final String source;
    private final Mapping root;
    private final Problems problems;
    private final Map<String, Place> places;

    private Document(String source, Mapping root, Problems problems, Map<String, Place> places) {
        this.source = source;
        this.root = root;
        this.problems = problems;
        this.places = places;
    }

    /** @throws ConfigurationException if the file cannot be read or is not YAML or JSON */
    static Document read(Path file) {
        String source = file.toString();
        try {
            if (Files.isDirectory(file)) {
                throw broken(source, "is a folder; name a YAML or JSON file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw broken(source, tooLong());
            }
            return parse(source, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw broken(source, "there is no such file; check the path");
        } catch (IOException e) {
            throw broken(
                    source, "the file cannot be read; check that it is a file and that you have permission to read it");
        }
    }

    /** @param source how messages name the text */
    static Document parse(String source, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw broken(source, tooLong());
        }
        Map<String, Place> places = new LinkedHashMap<>();
        Problems problems = new Problems(path -> placeOf(path, places));
        Mapping root = new YamlReader(source, utf8(source, bytes), places, problems).root();
        return new Document(source, root, problems, places);
    }

    String source() {
        return source;
    }

    Mapping root() {
        return root;
    }

    Problems problems() {
        return problems;
    }

    /** From now on problems of this value, and of what is in it, name it like this instead of by its line. */
    void name(String path, String shown) {
        String bare = bare(path);
        places.keySet().removeIf(place -> place.startsWith(bare + ".") || place.startsWith(bare + "["));
        places.put(bare, new Place(shown, 0));
    }

    static ConfigurationException broken(String source, String what) {
        return new ConfigurationException(source, List.of(new Problem("", what)));
    }

    private static String tooLong() {
        return "is larger than 1 MiB, the most that a configuration can have; put long word lists into files of their own";
    }

    private static String utf8(String source, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw broken(source, "is not UTF-8; save the file as UTF-8");
        }
    }

    /** The path under which places are kept. Messages of a compiled stream leave out the words that YAML needs around nested fields. */
    static String bare(String path) {
        return path.replaceAll("\\.(object|when|per_key)(?=\\.)", "");
    }

    /** The place of a path; for a path that is not there, the line of the nearest one around it. */
    private static Place placeOf(String path, Map<String, Place> places) {
        String around = bare(path);
        while (!around.isEmpty()) {
            Place place = places.get(around);
            if (place != null) {
                boolean named = place.line() == 0; // with what comes before its path
                return around.equals(bare(path))
                        ? place
                        : new Place(named ? place.path() + bare(path).substring(around.length()) : path, place.line());
            }
            around = around.substring(0, Math.max(0, Math.max(around.lastIndexOf('.'), around.lastIndexOf('['))));
        }
        return new Place(path, 0);
    }
}
