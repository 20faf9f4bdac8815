package io.dataflux.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.Fault;
import io.dataflux.testkit.FaultProxy;
import io.dataflux.testkit.KilledRun;
import io.dataflux.testkit.KilledRun.Kill;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket holds every event once, wherever the process of the run is killed. */
class S3KillTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long SEED = Long.getLong("dataflux.kills.seed", 20_261_120);
    /** 10 kills in thorough, 2 in verify. */
    private static final int KILLS = THOROUGH ? 10 : 2;

    private static final long EVENTS = 40_000;
    private static EmbeddedS3 s3;
    private static FaultProxy proxy;

    @TempDir
    Path folder;

    @BeforeAll
    static void startStore() {
        s3 = EmbeddedS3.start();
        s3.createBucket("lake");
        proxy = FaultProxy.to("127.0.0.1", s3.port(), SEED);
    }

    @AfterAll
    static void stopStore() {
        proxy.close();
        s3.close();
    }

    /** Units of a second. Late events belong to three hours. */
    private Path config(String key) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                events_per_second: 10000
                limits: {events: %d}
                streams:
                  clicks:
                    weight: 3
                    key: {entity: "user_{}", count: 2000, shards: 5}
                    identity: id
                    fields: {id: {id: "evt_{}"}, user: {copy: key}, at: {time: event}}
                    lateness: {share: 5%%, by: [8s, 100m]}
                  searches:
                    weight: 1
                    key: {entity: "user_{}", count: 500, shards: 3}
                    identity: id
                    fields: {id: {id: "sea_{}"}, user: {copy: key}}
                sinks:
                  lake:
                    type: s3
                    lanes: 2
                    endpoint: %s
                    bucket: lake
                    access_key: %s
                    secret_key: %s
                    key: "%s"
                    every: 1s
                    object_events: 2000
                output: {dir: '%s'}
                """.formatted(
                EVENTS, "http://" + proxy.address(), s3.accessKey(), s3.secretKey(), key, folder.resolve("out")));
    }

    @Test
    void everyEventIsThereOnceAfterEachKill() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> placed = new ArrayList<>();
        int inCommit = 0;
        int withUnknown = 0;
        for (int i = 0; i < KILLS; i++) {
            String tag = String.format("%08x", 0x53a90c00 + i);
            boolean twice = i % 2 == 1; // and with names that tell the run what is there
            KilledRun run = KilledRun.of(config(twice ? Feed.PLAIN : KeyTemplate.DEFAULT), tag);
            long from = EVENTS * (5 + random.nextInt(50)) / 100;
            if (twice) {
                run.killAt(from / 2);
            }
            boolean unanswered = i % 2 == 0;
            Kill kill = unanswered
                    ? killUnanswered(run, from)
                    : run.killWhen(now -> now.acknowledged() >= from && now.inFlight() > 0, "from " + from + " on");
            inCommit += unanswered ? 1 : 0;
            withUnknown += kill.inFlight() > 0 ? 1 : 0;
            placed.add(100 * kill.acknowledged() / EVENTS + " %: " + kill);
            Set<String> before = new HashSet<>(objects(tag));

            RunReport report = run.flag("speed", "max").resume();

            assertThat(report.delivered()).as("%s", report.problems()).isTrue();
            assertThat(report.acknowledged()).isEqualTo(EVENTS);
            Verdict verdict = run.verify("lake", report);
            assertThat(verdict.clean())
                    .as("seed %d, %s%n%s", SEED, kill, verdict)
                    .isTrue();
            assertThat(verdict.expected()).isEqualTo(EVENTS);
            assertThat(verdict.repeated()).as("repeats that are tolerated").isZero();
            assertThat(kill.acknowledged()).isBetween(EVENTS / 20, EVENTS * 19 / 20);
            assertThat(before).as("objects of the attempt that was killed").isNotEmpty();
            assertThat(objects(tag)).containsAll(before).hasSizeGreaterThan(before.size());
        }
        System.out.println("kills of the S3 sink, seed " + SEED + ": " + String.join("; ", placed));
        assertThat(inCommit)
                .as("kills while the store's answer was held back")
                .isGreaterThanOrEqualTo(Math.max(1, KILLS / 5));
        assertThat(withUnknown).as("kills with events in flight").isGreaterThanOrEqualTo(Math.max(1, 3 * KILLS / 10));
        assertThat(s3.openUploads("lake")).isEmpty();
    }

    /** The store has what was uploaded, and the process dies without hearing of it. */
    private static Kill killUnanswered(KilledRun run, long from) throws Exception {
        Fault unanswered = Fault.swallowResponses();
        boolean[] armed = new boolean[1];
        Kill kill;
        try {
            kill = run.killWhen(
                    now -> {
                        if (!armed[0] && now.acknowledged() >= from) {
                            armed[0] = true;
                            proxy.on(unanswered);
                        }
                        return armed[0] && proxy.hits(unanswered).bytes() > 0 && now.inFlight() > 0;
                    },
                    "without an answer from " + from + " on");
        } finally {
            proxy.heal();
        }
        assertThat(kill.inFlight()).as("events that wait for the answer").isPositive();
        return kill;
    }

    @Test
    void aRunThatWasStoppedGoesOnWhereItsObjectsEnd() throws Exception {
        KilledRun run = KilledRun.of(config(KeyTemplate.DEFAULT), "53a90cfe");
        try (Run stopped = run.plan().start()) {
            stopped.after(EVENTS / 3, stopped::requestStop);
            assertThat(stopped.await().acknowledged()).isLessThan(EVENTS);
        }
        List<String> before = objects("53a90cfe");

        RunReport report = run.flag("speed", "max").resume();

        Verdict verdict = run.verify("lake", report);
        assertThat(verdict.clean()).as("%s", verdict).isTrue();
        assertThat(verdict.expected()).isEqualTo(EVENTS);
        assertThat(objects("53a90cfe")).containsAll(before);
    }

    private static List<String> objects(String tag) {
        return s3.keys("lake", "").stream().filter(key -> key.contains(tag)).toList();
    }
}
