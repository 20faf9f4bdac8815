package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.json.Json;
import io.dataflux.schedule.Schedule;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What computes events has no field that survives an event but buffers, caches and tables, and each of these has its reason. */
class NoStateTest {

    /** Classes with fields that change, and why they may. */
    private static final Map<String, String> CHANGING = Map.ofEntries(
            Map.entry("encode.EventState", "the registers of the current event, set anew for each"),
            Map.entry("schedule.Schedule$Slot", "the coordinates of the current event, set anew for each"),
            Map.entry("schedule.Lives$Place", "where the current event is in a life, set anew for each"),
            Map.entry("json.SecondText", "a cache of the last second's text, keyed by the second"),
            Map.entry("json.JsonScan", "the text that its owner searches, set anew for each"),
            Map.entry("encode.RoutedState", "the event that a router is asked about, set for each"),
            Map.entry(
                    "schedule.Deliveries",
                    "the deliveries of one block, a function of its number; computed anew for another"),
            Map.entry("encode.RowColumns", "where the row before lies in the current event, forgotten with each"),
            Map.entry("encode.JsonWriter", "where the current event is written, set anew for each"),
            Map.entry("encode.Pattern$Words", "lives in one call"),
            Map.entry("schedule.Timeline$Cursor", "a place on the timeline that its owner moves"),
            Map.entry("schedule.BurstWarp$Moment", "a time that its owner moves"),
            Map.entry("schedule.Cells$Walk", "lives while a timeline is made"),
            Map.entry("encode.SharedIdentity$Search", "lives while identities are compared"),
            Map.entry("encode.Compiler", "lives while a stream is made"),
            Map.entry("encode.PatternParser", "lives while a pattern is read"),
            Map.entry("encode.Canonical", "lives while a fingerprint is made"));

    /** Containers that all events share. */
    private static final Map<String, String> SHARED =
            Map.of("encode.ValuePath.KNOWN", "paths that were parsed before; the path alone decides what is found");

    @Test
    void fieldsAreFinalButForThoseWithAReason() throws IOException, URISyntaxException {
        List<String> found = new ArrayList<>();
        TreeSet<String> changing = new TreeSet<>();
        TreeSet<String> shared = new TreeSet<>();
        for (Class<?> type : classes()) {
            if (Iterator.class.isAssignableFrom(type)) {
                continue; // stands where its owner moved it
            }
            String name = type.getName().substring("io.dataflux.".length());
            for (Field field : type.getDeclaredFields()) {
                boolean isStatic = Modifier.isStatic(field.getModifiers());
                if (!Modifier.isFinal(field.getModifiers())) {
                    if (isStatic || !CHANGING.containsKey(name)) {
                        found.add(name + "." + field.getName());
                    }
                    changing.add(name);
                } else if (isStatic && isContainer(field) && !isUnmodifiable(field)) {
                    if (!SHARED.containsKey(name + "." + field.getName())) {
                        found.add(name + "." + field.getName());
                    }
                    shared.add(name + "." + field.getName());
                }
            }
        }
        assertThat(found).as("fields that can change").isEmpty();
        assertThat(changing).as("classes that have a reason").isEqualTo(new TreeSet<>(CHANGING.keySet()));
        assertThat(shared).as("containers that have a reason").isEqualTo(new TreeSet<>(SHARED.keySet()));
    }

    private static boolean isContainer(Field field) {
        return Map.class.isAssignableFrom(field.getType()) || Collection.class.isAssignableFrom(field.getType());
    }

    private static boolean isUnmodifiable(Field field) {
        try {
            field.setAccessible(true);
            return field.get(null).getClass().getName().contains("ImmutableCollections");
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** All classes of the packages that lie between a sequence and bytes. */
    private static List<Class<?>> classes() throws IOException, URISyntaxException {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> one : List.of(CompiledStream.class, Schedule.class, Json.class)) {
            Path root = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path packagePath = Path.of(one.getPackageName().replace('.', '/'));
            try (Stream<Path> files = Files.list(root.resolve(packagePath))) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".class") && !name.startsWith("package-info")) {
                        classes.add(load(one.getPackageName() + "." + name.substring(0, name.length() - 6)));
                    }
                }
            }
        }
        assertThat(classes).hasSizeGreaterThan(40);
        return classes;
    }

    /** Without running what is static in it: the template of straight-line code can only run as a copy. */
    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, NoStateTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
