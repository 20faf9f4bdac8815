package io.dataflux.cli;

import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code --version} prints: what this program is, what it runs on, and what it found. */
final class Version {

    private Version() {}

    static String text(Plugins plugins) {
        Properties build = build();
        return "dataflux " + build.getProperty("version")
                + "\nbuilt       for Java " + build.getProperty("java") + ", with the Kafka client "
                + build.getProperty("kafka") + ", the AWS SDK " + build.getProperty("awssdk") + " and Datafaker "
                + build.getProperty("datafaker")
                + "\njava        " + System.getProperty("java.runtime.version") + ", "
                + System.getProperty("java.vendor") + ", " + System.getProperty("java.home")
                + "\nsinks       " + types(SinkProvider.class, SinkProvider::type)
                + "\nrouters     " + types(RegionRouter.Provider.class, RegionRouter.Provider::type)
                + "\ngenerators  " + types(EventGenerator.Provider.class, EventGenerator.Provider::type) + '\n'
                + plugins.loaded().stream()
                        .map(plugin -> "plugin      " + plugin.file() + ": " + String.join(", ", plugin.types()) + '\n')
                        .collect(Collectors.joining());
    }

    private static <P> String types(Class<P> service, Function<P, String> typeOf) {
        TreeSet<String> types = new TreeSet<>();
        ServiceLoader.load(service).forEach(provider -> types.add(typeOf.apply(provider)));
        return types.isEmpty() ? "none" : String.join(", ", types);
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/dataflux.properties")) {
            build.load(Objects.requireNonNull(in, "the program lacks its dataflux.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build;
    }
}
