package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars in a folder bring sinks, routers and generators, and do not disturb the program or each other. */
class PluginsTest {

    private static final String SINK = "io.dataflux.spi.SinkProvider";

    /** A sink that prints what {@code %3$s} says, and a number that grows with each event that the class has got. */
    private static final String SOURCE = """
            package com.acme;

            import io.dataflux.spi.*;

            public final class %1$s implements SinkProvider {
                static int events;

                public String type() {
                    return "%2$s";
                }

                public SinkConnector configure(Settings settings) {
                    return lane -> new Sink() {
                        public void write(EventBatch batch, Outcome outcome) {
                            events += batch.size();
                            outcome.acknowledged(0, batch.size());
                        }

                        public void close() {
                            System.err.println("%2$s: " + events + " events, " + %3$s);
                        }
                    };
                }
            }
            """;

    @TempDir
    Path folder;

    private Path plugins;

    @BeforeEach
    void make() throws IOException {
        plugins = Files.createDirectories(folder.resolve("plugins"));
    }

    /** Compiles a class against the program and the jars, into a jar that lists it as a sink. */
    private static void jar(Path jar, String name, String source, Path... against) throws IOException {
        Path classes = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "classes");
        List<String> path =
                new ArrayList<>(Stream.of(against).map(Path::toString).toList());
        path.add(System.getProperty("java.class.path"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        URI uri = URI.create("string:///com/acme/" + name + ".java");
        var text = new SimpleJavaFileObject(uri, SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return source;
            }
        };
        boolean compiled = compiler.getTask(
                        null,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-d",
                                classes.toString(),
                                "-cp",
                                String.join(java.io.File.pathSeparator, path)),
                        null,
                        List.of(text))
                .call();
        assertThat(compiled).isTrue();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                "META-INF/services/" + SINK,
                ("com.acme." + name + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        write(jar, entries);
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void write(Path jar, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new JarEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
    }

    private void sink(String jar, String name, String type, String what, Path... against) throws IOException {
        jar(plugins.resolve(jar), name, SOURCE.formatted(name, type, what), against);
    }

    private Called run(String sinks) throws IOException {
        Path config = Files.writeString(
                folder.resolve("run.yaml"),
                "speed: max\nlimits: {events: 50}\nstreams: {clicks: {from: clickstream}}\nsinks: " + sinks
                        + "\noutput: {dir: '" + folder.resolve("out") + "'}\n");
        return Called.with("run", config.toString(), "--plugins", plugins.toString());
    }

    @Test
    void aSinkOfAPluginIsUsedLikeOneOfTheProgram() throws IOException {
        sink("tally.jar", "Tally", "tally", "\"hello\"");

        Called run = run("{own: {type: tally}, lake: {type: file}}");

        assertThat(run.code()).as(run.words()).isZero();
        assertThat(run.words())
                .contains("tally: 50 events, hello", "own                    50 issued = 50 acknowledged");
        Called without = Called.with("run", folder.resolve("run.yaml").toString());
        assertThat(without.code()).isEqualTo(2);
        assertThat(without.words()).contains("tally");
        assertThat(Called.with("--version", "--plugins", plugins.toString()).data())
                .containsPattern("(?m)^sinks .*, tally$")
                .contains("plugin      " + plugins.resolve("tally.jar") + ": sink tally\n");
    }

    @Test
    void aPluginHasItsOwnJacksonAndTheProgramKeepsItsOwn() throws IOException {
        Path other = Path.of("target", "other", "jackson-core.jar");
        Path together = Files.createDirectories(plugins.resolve("clash"));
        Path library = Files.copy(other, together.resolve("jackson-core.jar"));
        String version = "com.fasterxml.jackson.core.json.PackageVersion.VERSION";
        sink("clash/clash.jar", "Clash", "clash", "\"Jackson \" + " + version, library);
        sink("plain.jar", "Plain", "plain", "\"Jackson \" + " + version);

        Called run = run("{one: {type: clash}, two: {type: plain}}");

        assertThat(run.code()).as(run.words()).isZero();
        String ours = com.fasterxml.jackson.core.json.PackageVersion.VERSION.toString();
        assertThat(run.words())
                .containsPattern("clash: 50 events, Jackson (?!" + java.util.regex.Pattern.quote(ours) + ")2\\.")
                .contains("plain: 50 events, Jackson " + ours);
        assertThat(folder.resolve("out")).isDirectoryRecursivelyContaining("glob:**/report.json"); // written with ours
    }

    @Test
    void twoPluginsWithTheSameClassesDoNotShareThem() throws IOException {
        sink("a.jar", "First", "first", "\"\"");
        sink("b.jar", "Second", "second", "\"\"");
        assertThat(run("{one: {type: first}, two: {type: second}}").words())
                .contains("first: 50 events", "second: 50 events");

        sink("c.jar", "First", "third", "\"\"");
        assertThat(run("{one: {type: first}}").words())
                .contains("plugin " + plugins.resolve("c.jar")
                        + " is left out: its class com.acme.First is also in plugin a.jar; remove one of the two\n")
                .contains("first: 50 events");
    }

    @Test
    void whatIsBrokenIsSaidInASentenceAndTheRestWorks() throws IOException {
        sink("good.jar", "Good", "good", "\"\"");
        Files.writeString(plugins.resolve("README.md"), "no plugin");
        Files.createDirectories(plugins.resolve("empty"));
        Files.writeString(plugins.resolve("broken.jar"), "this is no zip");
        write(plugins.resolve("library.jar"), Map.of("com/acme/Thing.txt", new byte[3]));
        write(
                plugins.resolve("missing.jar"),
                Map.of(
                        "META-INF/services/" + SINK,
                        "com.acme.Gone\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        Path library = folder.resolve("needed.jar");
        jar(
                library,
                "Needed",
                "package com.acme; public class Needed { public static String WORD = \"x\"; public static class Inner {} }");
        jar(
                plugins.resolve("lacks.jar"),
                "Lacks",
                SOURCE.formatted("Lacks", "lacks", "Needed.WORD")
                        .replace("implements SinkProvider {", "extends Needed implements SinkProvider {"),
                library);
        jar(
                plugins.resolve("throws.jar"),
                "Throws",
                SOURCE.formatted("Throws", "throws", "\"\"")
                        .replace(
                                "static int events;",
                                "static int events; public Throws() { throw new IllegalStateException(\"not today\"); }"));
        byte[] newer = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0x03, (byte) 0xe7, 0, 1};
        write(
                plugins.resolve("newer.jar"),
                Map.of(
                        "META-INF/services/" + SINK,
                        "com.acme.Newer\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "com/acme/Newer.class",
                        newer));

        Called run = run("{one: {type: good}}");

        assertThat(run.code()).as(run.words()).isZero();
        assertThat(run.words())
                .contains("good: 50 events")
                .containsPattern(
                        "plugin \\S+broken.jar is left out: it is not a jar \\(.*\\); copy it again, or remove it\n")
                .containsPattern(
                        "plugin \\S+library.jar is left out: it lists no sink, router or generator in META-INF/services; if")
                .containsPattern("plugin \\S+missing.jar is left out: .*com.acme.Gone not found")
                .containsPattern(
                        "plugin \\S+lacks.jar is left out: it lacks the class com.acme.Needed; put its libraries beside it")
                .containsPattern("plugin \\S+throws.jar is left out: .*not today")
                .containsPattern(
                        "plugin \\S+newer.jar is left out: it was built for a newer Java than this one, \\d+: ")
                .doesNotContain("README", "empty", "\tat ");
        assertThat(run.words().lines().filter(line -> line.startsWith("plugin ")))
                .hasSize(6);
        assertThat(Called.with("streams", "--plugins", folder.resolve("nowhere").toString())
                        .words())
                .contains("--plugins " + folder.resolve("nowhere") + ": there is no such folder");
    }
}
