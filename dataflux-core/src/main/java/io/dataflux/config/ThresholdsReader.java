package io.dataflux.config;

import io.dataflux.Thresholds;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.model.Share;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads {@code thresholds}: what a run has to reach, and what its verdicts may find. */
final class ThresholdsReader {

    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofDays(1);

    private final SettingsReader top;

    ThresholdsReader(SettingsReader top) {
        this.top = top;
    }

    /** @param paced whether the run has rates to achieve */
    Thresholds read(boolean paced) {
        SettingsReader settings = top.section("thresholds", "write {p99: 200ms, achieved: 95%} or {duplicate: 10}");
        if (settings == null) {
            return Thresholds.NONE;
        }
        Duration p50 = latency(settings, "p50");
        Duration p99 = latency(settings, "p99");
        Duration max = latency(settings, "max");
        Double achieved = achieved(settings, paced);
        Map<String, Long> findings = new TreeMap<>();
        for (String finding : Thresholds.FINDINGS) {
            settings.optionalInteger(finding, 0, Long.MAX_VALUE).ifPresent(most -> findings.put(finding, most));
        }
        settings.finish();
        return new Thresholds(p50, p99, max, achieved, findings);
    }

    private static @Nullable Duration latency(SettingsReader settings, String name) {
        return settings.has(name) ? settings.duration(name, MOST, LEAST, MOST) : null;
    }

    private static @Nullable Double achieved(SettingsReader settings, boolean paced) {
        String wanted = "write a share of the offered rate, such as 95%";
        Tree tree = settings.find("achieved");
        Scalar value = tree == null ? null : settings.reading().scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        if (!paced) {
            settings.problem(
                    "achieved", "a run as fast as possible has no rate to achieve; give it a speed, or leave this out");
            return null;
        }
        try {
            Share share = Share.of(value.text());
            settings.noteOrigin("achieved", value, null);
            return share.count() / (double) share.of();
        } catch (IllegalArgumentException e) {
            settings.reading().problem(value, settings.reading().show(value) + " is not a share; " + wanted);
            return null;
        }
    }
}
