package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.model.FaultKind;
import io.dataflux.model.StreamDefinition;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What every built-in stream and 200 random definitions give, pinned, so that what is added to DataFlux moves nothing that was there
 * before. The definitions were generated once and are kept as text; a new kind of field gets further ones, and moves no old one.
 * {@code -Ddataflux.golden=write} writes the digests anew; a change that moves one says so in the changelog.
 */
class PinnedStreamsTest {

    private static final boolean WRITE = "write".equals(System.getProperty("dataflux.golden"));
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden", "definitions");
    private static final Path DIGESTS = FOLDER.resolve("digests.txt");
    /** Not the seed of {@link GoldenTest}, which pins other slices of the same streams. */
    private static final long CATALOG_SEED = -7;

    private static final int FIRST_EVENTS = 150;
    private static final int FAR_EVENTS = 50;
    private static final int FAULTY_EVENTS = 3000;

    /** By where they are defined and their name. */
    private static final Map<String, CompiledStream> STREAMS = new LinkedHashMap<>();

    @BeforeAll
    static void readTheDefinitions() throws IOException {
        for (String name : DataFlux.streamNames()) {
            STREAMS.put("catalog " + name, (CompiledStream) DataFlux.stream(name, CATALOG_SEED));
        }
        for (Path file : files()) {
            for (EventStream stream : DataFlux.streams(file, Map.of(), Map.of())) {
                STREAMS.put(file.getFileName() + " " + stream.name(), (CompiledStream) stream);
            }
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void noStreamMoves() throws IOException {
        Map<String, Map<String, String>> now = new LinkedHashMap<>();
        for (Map.Entry<String, CompiledStream> each : STREAMS.entrySet()) {
            now.put(each.getKey(), digests(each.getValue()));
        }
        if (WRITE) {
            Files.write(
                    DIGESTS,
                    now.entrySet().stream()
                            .map(each -> line(each.getKey(), each.getValue()))
                            .toList());
        }
        Map<String, Map<String, String>> before = pinned();

        List<String> moved = new ArrayList<>();
        now.forEach((stream, digests) -> digests.forEach((what, digest) -> {
            if (!digest.equals(before.getOrDefault(stream, Map.of()).get(what))) {
                moved.add(stream + ": " + what);
            }
        }));

        assertThat(moved)
                .as(
                        "what moved; output bytes are an API, see CONTRIBUTING.md. A new definition gets its line by -Ddataflux.golden=write")
                .isEmpty();
        assertThat(before.keySet()).as("streams in %s", DIGESTS).isEqualTo(now.keySet());
    }

    private static String line(String stream, Map<String, String> digests) {
        StringBuilder line = new StringBuilder(stream);
        digests.forEach(
                (what, digest) -> line.append(' ').append(what).append(' ').append(digest));
        return line.toString();
    }

    private static Map<String, Map<String, String>> pinned() throws IOException {
        Map<String, Map<String, String>> pinned = new LinkedHashMap<>();
        for (String line : Files.readAllLines(DIGESTS)) {
            String[] words = line.split(" ", -1);
            Map<String, String> digests = new LinkedHashMap<>();
            for (int i = 2; i < words.length; i += 2) {
                digests.put(words[i], words[i + 1]);
            }
            pinned.put(words[0] + " " + words[1], digests);
        }
        return pinned;
    }

    private static Map<String, String> digests(CompiledStream stream) {
        MessageDigest bytes = sha256();
        MessageDigest heads = sha256();
        long far = stream.end() / 3;
        for (long[] slice :
                new long[][] {{0, FIRST_EVENTS}, {far, far + FAR_EVENTS}, {stream.end() - FAR_EVENTS, stream.end()}}) {
            for (long n = Math.max(0, slice[0]); n < Math.min(slice[1], stream.end()); n++) {
                Event event = stream.event(n);
                bytes.update(event.bytes());
                bytes.update((byte) '\n');
                add(heads, event.key(), event.entity(), event.occurrence(), event.time(), stream.timeOf(n));
            }
        }
        Map<String, String> digests = new LinkedHashMap<>();
        digests.put("fingerprint", HexFormat.of().toHexDigits(stream.fingerprint()));
        digests.put("events", hex(bytes));
        digests.put("keys-and-times", hex(heads));
        if (stream.definition().faults() != null) {
            MessageDigest faults = sha256();
            addFaults(faults, stream, 0);
            addFaults(faults, stream, stream.end() / 2);
            digests.put("faults", hex(faults));
        }
        return digests;
    }

    /** Which events are dropped, repeated, moved, late or broken, and the bytes of the broken ones. */
    private static void addFaults(MessageDigest digest, CompiledStream stream, long from) {
        PlannedFaults planned = stream.plannedFaults();
        EventState state = new EventState();
        byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        for (PlannedFault fault : stream.faults(from, Math.min(stream.end(), from + FAULTY_EVENTS))) {
            add(digest, fault.sequence(), fault.kind(), fault.late(), fault.behind(), fault.corruption());
            if (fault.kind() == FaultKind.CORRUPT) {
                stream.locate(fault.sequence(), state);
                digest.update(b, 0, planned.encode(state, fault.corruption(), b, 0));
            }
        }
    }

    private static void add(MessageDigest digest, Object... values) {
        digest.update(Arrays.toString(values).getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * A definition is a tree of records of {@code io.dataflux.model}. Each type and each constant that one can hold stands in a definition
     * of the list, and no part of one is the same wherever it stands.
     */
    @Test
    void theListHasEveryKindOfFieldSpreadProfileAndFault() throws ReflectiveOperationException {
        Set<String> seen = new TreeSet<>();
        Map<String, Set<Object>> values = new TreeMap<>();
        for (CompiledStream stream : STREAMS.values()) {
            for (Method part : parts()) {
                see(part.getName(), part.invoke(stream.definition()), seen, values);
            }
        }
        Set<String> possible = new TreeSet<>();
        Set<Class<?>> types = new HashSet<>();
        for (Method part : parts()) {
            possible(part.getGenericReturnType(), possible, types);
        }

        assertThat(types).as("types that a definition can hold").hasSizeGreaterThan(60);
        possible.removeAll(seen);
        assertThat(possible).as("what no definition in %s has", FOLDER).isEmpty();
        values.forEach((part, its) ->
                assertThat(its).as("values of %s in the list", part).hasSizeGreaterThan(1));
    }

    /** What a definition consists of; code that generates events has no bytes of ours. */
    private static List<Method> parts() {
        return Arrays.stream(StreamDefinition.class.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && !Modifier.isStatic(m.getModifiers()))
                .filter(m -> m.getParameterCount() == 0
                        && !Set.of("toBuilder", "toString", "code").contains(m.getName()))
                .toList();
    }

    private static void see(String part, Object value, Set<String> seen, Map<String, Set<Object>> values)
            throws ReflectiveOperationException {
        values.computeIfAbsent(part, p -> new HashSet<>()).add(value);
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                see(part + "'s names", entry.getKey(), seen, values);
                see(part + "'s values", entry.getValue(), seen, values);
            }
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                see(part + "'s items", item, seen, values);
            }
        } else if (value instanceof Enum<?> constant) {
            seen.add(constant.getDeclaringClass().getSimpleName() + "." + constant.name());
        } else if (value instanceof Record) {
            String type = value.getClass().getSimpleName();
            seen.add(type);
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                see(type + "." + component.getName(), component.getAccessor().invoke(value), seen, values);
            }
        }
    }

    private static void possible(Type type, Set<String> possible, Set<Class<?>> types) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                possible(argument, possible, types);
            }
        } else if (type instanceof Class<?> c && c.getName().startsWith("io.dataflux.") && types.add(c)) {
            if (c.isSealed()) {
                for (Class<?> permitted : c.getPermittedSubclasses()) {
                    possible(permitted, possible, types);
                }
            } else if (c.isEnum()) {
                for (Object constant : c.getEnumConstants()) {
                    possible.add(c.getSimpleName() + "." + ((Enum<?>) constant).name());
                }
            } else {
                assertThat(c.isRecord()).as("%s is a record", c).isTrue();
                possible.add(c.getSimpleName());
                for (RecordComponent component : c.getRecordComponents()) {
                    possible(component.getGenericType(), possible, types);
                }
            }
        }
    }
}
