package io.dataflux.monitor;

import io.dataflux.RunMonitor;
import io.dataflux.RunReport;
import io.dataflux.WatchedRun;
import io.dataflux.monitor.LivePage.Options;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Settings.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page in configurations: that of one run, with which it ends.
 *
 * <pre>
 * monitor:
 *   port: 8000            0 for any that is free
 *   bind: localhost       another address needs a token
 *   token: "${env:T}"     by default a fresh one; DATAFLUX_TOKEN overrides it
 *   hosts: [load.local]   names under which it is reached, besides localhost and addresses
 *   control: true         whether who has the token can pause, speed up and stop the run
 *   otlp: http://localhost:4318/v1/metrics      where metrics are sent as well, by OpenTelemetry's protocol
 *   otlp_interval: 10s    how often
 *   linger: 30s           how long it stays after the end of a run that was not stopped
 * </pre>
 */
public final class ConfiguredPage implements RunMonitor.Provider {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredPage.class);

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    /** For the service loader. */
    public ConfiguredPage() {}

    @Override
    public String type() {
        return "page";
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("token", "DATAFLUX_TOKEN"); // order never seen
    }

    private static Optional<URI> receiver(String text, Settings settings) {
        String missing = Otlp.missing();
        if (missing != null) {
            settings.problem("otlp", missing);
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        settings.problem(
                "otlp",
                "'" + text + "' is not an address of HTTP; write it whole, such as http://localhost:4318/v1/metrics");
        return Optional.empty();
    }

    @Override
    public RunMonitor configure(Settings settings) {
        int port = (int) settings.integer("port", 8000, 0, 65_535);
        String bind = settings.text("bind", "localhost");
        Optional<Secret> token = settings.secret("token");
        List<String> hosts = settings.texts("hosts");
        Duration linger = settings.duration("linger", Duration.ZERO, Duration.ZERO, Duration.ofDays(30));
        boolean control = settings.bool("control", true);
        Options options = new Options(port, bind, token.orElse(null), hosts, control);
        new LivePage.Problems(settings::problem).check(options);
        Duration every = settings.duration("otlp_interval", TEN_SECONDS, ONE_SECOND, Duration.ofHours(1));
        Optional<URI> otlp = settings.optionalText("otlp").flatMap(text -> receiver(text, settings));
        return run -> new OwnPage(options, run, linger, otlp.orElse(null), every);
    }

    /** The page of one run of a configuration. */
    private static final class OwnPage implements RunMonitor.Watch {
        private final LivePage page;
        private final RunMonitor.Watch watching;
        private final Path file;
        private final Duration linger;
        private final @Nullable Otlp otlp;
        private final CountDownLatch stop = new CountDownLatch(1);

        OwnPage(Options options, WatchedRun run, Duration linger, @Nullable URI receiver, Duration every)
                throws IOException {
            this.linger = linger;
            page = new LivePage(options);
            otlp = receiver == null ? null : Otlp.open(receiver, every, page.metrics());
            try {
                watching = page.watch(run);
                file = Objects.requireNonNull(run.run().report().getParent())
                        .resolve(run.parts() == 1 ? "monitor.url" : "monitor-" + run.part() + ".url");
                writeAddress();
            } catch (IOException | RuntimeException e) {
                if (otlp != null) {
                    otlp.close();
                }
                page.close();
                throw e;
            }
        }

        @Override
        public void ended(RunReport report) throws Exception {
            watching.ended(report);
            if (!linger.isZero() && stop.getCount() > 0) {
                LOG.info("the run has ended; its page stays for {} s, unless the run is stopped", linger.toSeconds());
                stop.await(linger.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** Writes the address where only this user can read it. */
        private void writeAddress() throws IOException {
            Files.deleteIfExists(file);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(file, (page.address() + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void stopRequested() {
            stop.countDown();
        }

        @Override
        public void close() {
            if (otlp != null) {
                otlp.close();
            }
            page.close();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("{} could not be removed: {}", file, e.toString());
            }
        }

        @Override
        public List<String> words() {
            return watching.words();
        }
    }
}
