package io.dataflux.testkit;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.model.StreamDefinition;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What a {@link DataFluxStream} asks for, in the test where it stands. */
final class StreamRequest {

    private static final Pattern RELATIVE = Pattern.compile("now(?:([-+])([0-9]{1,12})(ms|s|m|h|d))?");

    static final String SEED_PROPERTY = "dataflux.seed";
    private static final String FRESH = "fresh";
    private static final long DEFAULT_EVENTS = 1000;

    private final DataFluxStream wanted;
    private final ExtensionContext test;
    private final int parameter;

    /** A seed and who gave it. */
    private static final String OF_TEST = "the test's id";

    private record Seed(long value, String source) {}

    StreamRequest(DataFluxStream wanted, ExtensionContext test, int parameter) {
        this.wanted = wanted;
        this.test = test;
        this.parameter = parameter;
    }

    <T> TestStream<T> make(Decoder<T> decoder) {
        int sources = (wanted.file().isEmpty() ? 0 : 1)
                + (wanted.source() == Void.class ? 0 : 1)
                + (wanted.value().isEmpty() || !wanted.file().isEmpty() ? 0 : 1);
        if (sources != 1) {
            throw new ParameterResolutionException(
                    "@DataFluxStream needs a built-in stream (\"clickstream\"; there are "
                            + String.join(", ", DataFlux.streamNames())
                            + "), file = \"orders.yaml\" or source = Orders.class");
        }
        if (wanted.from() < 0 || wanted.events() < 0) {
            throw new ParameterResolutionException(
                    "@DataFluxStream(from = " + wanted.from() + ", events = " + wanted.events()
                            + "): write the first event, counted from 0, and how many events there should be");
        }
        Seed seed = seed();
        EventStream stream = stream(seed.value);
        if (seed.source.isEmpty()) {
            seed = new Seed(stream.seed(), stream.seed() == ofTest() ? OF_TEST : wanted.file());
        }
        Instant start = start();
        if (start != null) {
            stream = stream.with(definition -> definition.start(start));
        }
        StreamOrigin origin = new StreamOrigin(seed.source, folder(), call(seed.value, start));
        long events = wanted.events() == 0 ? DEFAULT_EVENTS : wanted.events();
        TestStream<T> made = TestStream.of(stream, wanted.from(), wanted.from() + events, decoder, origin);
        if (!wanted.tag().isEmpty()) {
            made.tag(wanted.tag());
        }
        if (wanted.events() == 0) {
            made.toTheEndOfItsRate();
        }
        if (!wanted.rate().isEmpty()) {
            made.rate(wanted.rate());
        }
        return wanted.faults().isEmpty() ? made : withFaults(made);
    }

    private <T> TestStream<T> withFaults(TestStream<T> made) {
        try {
            return made.faults(wanted.faults());
        } catch (IllegalArgumentException e) {
            throw new ParameterResolutionException(
                    "@DataFluxStream(faults = \"" + wanted.faults() + "\"): " + e.getMessage(), e);
        }
    }

    /** The seed as far as it is known without the file; without a source if it is not. */
    private Seed seed() {
        if (wanted.seed() != 0) {
            return new Seed(wanted.seed(), "@DataFluxStream");
        }
        String property = System.getProperty(SEED_PROPERTY);
        if (FRESH.equals(property)) {
            return new Seed(new SecureRandom().nextInt() & Integer.MAX_VALUE | 1, "-D" + SEED_PROPERTY + "=fresh");
        }
        if (property != null) {
            try {
                return new Seed(Long.parseLong(property.strip()), "-D" + SEED_PROPERTY);
            } catch (NumberFormatException e) {
                throw new ParameterResolutionException(
                        "-D" + SEED_PROPERTY + "=" + property + ": write a whole number, or fresh", e);
            }
        }
        return wanted.file().isEmpty() ? new Seed(ofTest(), OF_TEST) : new Seed(0, "");
    }

    private long ofTest() {
        CRC32 hash = new CRC32();
        hash.update((test.getUniqueId() + "/" + parameter).getBytes(StandardCharsets.UTF_8));
        return Math.max(1, hash.getValue());
    }

    private EventStream stream(long seed) {
        if (wanted.source() != Void.class) {
            return DataFlux.stream(definition(wanted.source()), seed);
        }
        if (wanted.file().isEmpty()) {
            return DataFlux.stream(wanted.value(), seed);
        }
        Map<String, String> flags =
                seed == 0 ? Map.of("default-seed", Long.toString(ofTest())) : Map.of("seed", Long.toString(seed));
        List<EventStream> streams = DataFlux.streams(file(), flags, System.getenv());
        List<String> names = streams.stream().map(EventStream::name).toList();
        if (wanted.value().isEmpty() && streams.size() == 1) {
            return streams.get(0);
        }
        return streams.stream()
                .filter(stream -> stream.name().equals(wanted.value()))
                .findFirst()
                .orElseThrow(() -> new ParameterResolutionException("the streams of " + wanted.file() + " are " + names
                        + ": name one, such as @DataFluxStream(value = \"" + names.get(0) + "\", file = \""
                        + wanted.file() + "\")"));
    }

    private static StreamDefinition definition(Class<?> source) {
        List<Method> methods = Arrays.stream(source.getDeclaredMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() == 0
                        && method.getReturnType() == StreamDefinition.class)
                .toList();
        if (methods.size() != 1) {
            throw new ParameterResolutionException(source.getName() + " has " + methods.size()
                    + " static methods without parameters that return a StreamDefinition: exactly one is needed");
        }
        try {
            methods.get(0).setAccessible(true);
            return (StreamDefinition) methods.get(0).invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new ParameterResolutionException(
                    source.getName() + "." + methods.get(0).getName() + "() failed", e);
        }
    }

    private Path file() {
        Class<?> type = test.getRequiredTestClass();
        for (String name : List.of(wanted.file(), "/" + wanted.file())) {
            URL found = type.getResource(name);
            if (found != null) {
                return onDisk(found);
            }
        }
        Path path = Path.of(wanted.file());
        if (!Files.exists(path)) {
            throw new ParameterResolutionException(
                    "there is no " + wanted.file() + ", neither on the class path beside " + type.getName()
                            + " or at its root, nor on disk as " + path.toAbsolutePath());
        }
        return path;
    }

    /** A resource as a file, copied if it is in a jar. */
    private static Path onDisk(URL resource) {
        try {
            if (resource.getProtocol().equals("file")) {
                return Path.of(resource.toURI());
            }
            Path copy = Files.createTempFile("dataflux-", new File(resource.getPath()).getName());
            copy.toFile().deleteOnExit();
            try (var in = resource.openStream()) {
                Files.write(copy, in.readAllBytes());
            }
            return copy;
        } catch (IOException | URISyntaxException e) {
            throw new ParameterResolutionException("cannot read " + resource, e);
        }
    }

    private @Nullable Instant start() {
        if (wanted.start().isEmpty()) {
            return null;
        }
        Matcher relative = RELATIVE.matcher(wanted.start());
        try {
            if (!relative.matches()) {
                return Instant.parse(wanted.start());
            }
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            if (relative.group(1) == null) {
                return now;
            }
            Duration away = Duration.of(Long.parseLong(relative.group(2)), unit(relative.group(3)));
            return relative.group(1).equals("+") ? now.plus(away) : now.minus(away);
        } catch (DateTimeException | ArithmeticException e) {
            throw new ParameterResolutionException(
                    "start = \"" + wanted.start()
                            + "\": write an instant such as 2025-01-01T00:00:00Z, or now, now-1d or now+2h (s, m, h, d)",
                    e);
        }
    }

    private static ChronoUnit unit(String letter) {
        return switch (letter) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }

    /** The annotation that gives a range of the same events. */
    private StreamOrigin.Call call(long seed, @Nullable Instant start) {
        String what = (wanted.value().isEmpty() ? "" : "value = " + StreamOrigin.text(wanted.value()) + ", ")
                + (wanted.file().isEmpty() ? "" : "file = " + StreamOrigin.text(wanted.file()) + ", ")
                + (wanted.source() == Void.class
                        ? ""
                        : "source = " + wanted.source().getCanonicalName() + ".class, ");
        String when = start == null ? "" : ", start = \"" + start + "\"";
        return (from, count, rate, faults, tag) ->
                "@DataFluxStream(" + what + "seed = " + StreamOrigin.number(seed) + ", from = "
                        + StreamOrigin.number(from) + ", events = " + StreamOrigin.number(count) + when
                        + (rate.isEmpty() ? "" : ", rate = " + StreamOrigin.text(rate))
                        + (faults.isEmpty() ? "" : ", faults = " + StreamOrigin.text(faults))
                        + ", tag = \"" + tag + "\")";
    }

    /** For the files of this test; each of its streams has one. */
    private Path folder() {
        Method method = test.getTestMethod().orElse(null);
        String parameters = method == null
                ? null
                : Arrays.stream(method.getParameterTypes()).map(Class::getName).collect(Collectors.joining(", "));
        return RunningTest.folder(RunningTest.name(
                test.getRequiredTestClass(), method == null ? null : method.getName(), parameters, test.getUniqueId()));
    }
}
