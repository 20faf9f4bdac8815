package io.dataflux;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Arrows between packages point downward only, and no files or packages point at each other in a circle. An arrow is any name of
 * another package's type in a source file: an import, a qualified name, or a link in its documentation.
 */
class LayersTest {

    /**
     * Core's packages, the lowest first; those of one layer do not know each other. The types of {@code io.dataflux} itself are
     * interfaces and results that the layers between them implement and fill, so each of them has its own layer.
     */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of("ConfigurationException", "DeliveryException", "Event", "Latencies", "TableRow", "Validity"),
            Set.of("schedule", "model", "json"),
            Set.of("Draws", "EventStream", "PlannedFault"),
            Set.of("spi", "problem", "ledger"),
            Set.of(
                    "MemorySink",
                    "Run",
                    "RunMonitor",
                    "RunReport",
                    "RunSnapshot",
                    "StoredRun",
                    "Thresholds",
                    "WatchedRun"),
            Set.of("encode"),
            Set.of("catalog", "sinks", "plan"),
            Set.of("config", "verify"),
            Set.of("results"),
            Set.of("Plan", "Sinks"),
            Set.of("engine"),
            Set.of("DataFlux"));

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile("\\bio\\.dataflux(?:\\.[a-z]\\w*)*\\.[A-Z]\\w*");

    /** A source file: its full type name, and those of other packages that it names. */
    private record Source(String type, Set<String> arrows) {

        static Source of(String text, String fileName) {
            Matcher in = PACKAGE.matcher(text);
            assertThat(in.find()).as(fileName).isTrue();
            Set<String> arrows = new TreeSet<>();
            TYPE.matcher(text).results().forEach(match -> {
                if (!packageOf(match.group()).equals(in.group(1))) {
                    arrows.add(match.group());
                }
            });
            return new Source(in.group(1) + "." + fileName.replace(".java", ""), arrows);
        }
    }

    @Test
    void coreImportsDownwardOnly() {
        assertThat(upward(sources(ROOT.resolve("dataflux-core")))).isEmpty();
    }

    @Test
    void configReadsDefinitionsAndLeavesCompilingToPlan() {
        assertThat(sources(ROOT.resolve("dataflux-core")))
                .filteredOn(source -> packageOf(source.type).equals("io.dataflux.config"))
                .hasSizeGreaterThan(20)
                .flatExtracting(Source::arrows)
                .map(LayersTest::packageOf)
                .contains("io.dataflux.plan")
                .doesNotContain("io.dataflux.encode");
    }

    @Test
    void noFilesAndNoPackagesOfAnyModuleImportEachOtherInACircle() {
        List<Source> all =
                modules().stream().flatMap(module -> sources(module).stream()).toList();
        assertThat(all).hasSizeGreaterThan(250);
        assertThat(circles(all, type -> type)).isEmpty();
        // the interfaces and results of io.dataflux are of several layers, see above
        assertThat(circles(all, type -> packageOf(type).equals("io.dataflux") ? type : packageOf(type)))
                .isEmpty();
    }

    @Test
    void findsAnUpwardImport() {
        Source encode = Source.of("package io.dataflux.encode;\nimport io.dataflux.engine.Lane;\n", "Node.java");
        Source event = Source.of(
                "package io.dataflux;\n/** See {@link io.dataflux.Event}, io.dataflux.spi.Sink. */", "Event.java");
        Source known = Source.of("package io.dataflux.engine;\nimport io.dataflux.Run;\n", "Lane.java");
        Source beside = Source.of("package io.dataflux.sinks;\nimport io.dataflux.catalog.Catalog;\n", "FileSink.java");
        assertThat(upward(List.of(encode, event, known, beside)))
                .containsExactly(
                        "io.dataflux.encode.Node -> io.dataflux.engine.Lane",
                        "io.dataflux.Event -> io.dataflux.spi.Sink",
                        "io.dataflux.sinks.FileSink -> io.dataflux.catalog.Catalog");
    }

    @Test
    void findsACircle() {
        Source one = Source.of("package io.dataflux.a;\nimport io.dataflux.b.Two;\n", "One.java");
        Source two = Source.of("package io.dataflux.b;\nimport io.dataflux.c.Three;\n", "Two.java");
        Source three = Source.of("package io.dataflux.c;\nimport io.dataflux.a.One;\n", "Three.java");
        Source other = Source.of("package io.dataflux.a;\nimport io.dataflux.d.Four;\n", "Other.java");
        Source four = Source.of("package io.dataflux.d;\nimport io.dataflux.a.One;\n", "Four.java");
        assertThat(circles(List.of(one, two, three), type -> type))
                .containsExactly("io.dataflux.a.One -> io.dataflux.b.Two -> io.dataflux.c.Three -> io.dataflux.a.One");
        assertThat(circles(List.of(one, other, four), type -> type)).isEmpty();
        assertThat(circles(List.of(one, other, four), LayersTest::packageOf))
                .containsExactly("io.dataflux.a -> io.dataflux.d -> io.dataflux.a");
    }

    private static List<String> upward(List<Source> sources) {
        List<String> upward = new ArrayList<>();
        for (Source source : sources) {
            for (String to : source.arrows) {
                if (layer(to) >= layer(source.type)) {
                    upward.add(source.type + " -> " + to);
                }
            }
        }
        return upward;
    }

    private static int layer(String type) {
        String in = packageOf(type);
        String name =
                in.equals("io.dataflux") ? type.substring(in.length() + 1) : in.substring("io.dataflux.".length());
        for (int i = 0; i < LAYERS.size(); i++) {
            if (LAYERS.get(i).contains(name)) {
                return i;
            }
        }
        throw new AssertionError(type + " has no layer; give '" + name + "' one");
    }

    /** One circle through each node that is in one, shortest first met; each circle once. */
    private static Set<String> circles(List<Source> sources, UnaryOperator<String> node) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (Source source : sources) {
            Set<String> to = arrows.computeIfAbsent(node.apply(source.type), type -> new TreeSet<>());
            source.arrows.stream()
                    .map(node)
                    .filter(not(node.apply(source.type)::equals))
                    .forEach(to::add);
        }
        Set<String> circles = new LinkedHashSet<>();
        Set<String> inOne = new LinkedHashSet<>();
        for (String start : arrows.keySet()) {
            List<String> way = inOne.contains(start) ? List.of() : wayBack(start, arrows);
            if (!way.isEmpty()) {
                inOne.addAll(way);
                circles.add(way.stream().collect(joining(" -> ")));
            }
        }
        return circles;
    }

    private static List<String> wayBack(String start, Map<String, Set<String>> arrows) {
        Map<String, String> before = new HashMap<>();
        Deque<String> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            String at = next.poll();
            for (String to : arrows.getOrDefault(at, Set.of())) {
                if (to.equals(start)) {
                    Deque<String> way = new ArrayDeque<>(List.of(start));
                    for (String step = at; step != null; step = before.get(step)) {
                        way.addFirst(step);
                    }
                    return List.copyOf(way);
                }
                if (before.putIfAbsent(to, at) == null) {
                    next.add(to);
                }
            }
        }
        return List.of();
    }

    private static String packageOf(String type) {
        return type.substring(0, type.lastIndexOf('.'));
    }

    private static List<Path> modules() {
        try (Stream<Path> here = Files.list(ROOT);
                Stream<Path> examples = Files.list(ROOT.resolve("examples"))) {
            return Stream.concat(here, examples)
                    .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .filter(folder -> !folder.getFileName().toString().startsWith("outside-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Source> sources(Path module) {
        try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
            List<Source> sources = new ArrayList<>();
            for (Path file : files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .sorted()
                    .toList()) {
                sources.add(Source.of(Files.readString(file), file.getFileName().toString()));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
