package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which topic an event goes to, by its stream and its region, and how that topic should be set up.
 *
 * @param others for streams that are not named; null if only named ones can be sent
 * @param byStream for streams that are named
 */
record Topics(@Nullable Plan others, Map<String, Plan> byStream) {

    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
    private static final String STREAM = "{stream}";
    private static final String REGION = "{region}";

    /**
     * The topic of a stream.
     *
     * @param name may hold {@code {stream}} and {@code {region}}
     */
    record Plan(String name, TopicOptions options) {
        String in(String stream, String region) {
            return name.replace(STREAM, stream).replace(REGION, region);
        }
    }

    Topics {
        byStream = Map.copyOf(byStream);
    }

    /** Which topics, without their options. */
    String words() {
        Map<String, String> named = new TreeMap<>();
        byStream.forEach((stream, plan) -> named.put(stream, plan.name()));
        return (others == null ? "topics" : "topic " + others.name()) + (named.isEmpty() ? "" : " " + named);
    }

    /** One topic for all. */
    static Topics one(String topic) {
        return new Topics(new Plan(topic, TopicOptions.ANY), Map.of());
    }

    /** Reads {@code topic}, {@code topics} and the options of topics. */
    static Topics read(Settings settings) {
        TopicOptions options = TopicOptions.read(settings, TopicOptions.ANY);
        boolean byStream = settings.has("topics");
        String name = byStream ? settings.optionalText("topic").orElse("") : settings.text("topic");
        check(settings, "topic", name);
        Map<String, Plan> plans = new LinkedHashMap<>();
        settings.block("topics").ifPresent(topics -> {
            for (String stream : topics.names()) {
                plans.put(stream, read(topics, stream, name.isEmpty() ? STREAM : name, options));
            }
        });
        if (byStream && plans.isEmpty()) {
            settings.problem("topics", "write a map of streams to topics, such as {clicks: click_events}");
        }
        return new Topics(name.isEmpty() ? null : new Plan(name, options), plans);
    }

    private static Plan read(Settings topics, String stream, String otherwise, TopicOptions options) {
        if (topics.holdsBlock(stream)) {
            Settings own = topics.block(stream).orElseThrow();
            String name = own.text("topic", otherwise);
            check(own, "topic", name);
            return new Plan(name, TopicOptions.read(own, options));
        }
        String name = topics.text(stream);
        check(topics, stream, name);
        return new Plan(name, options);
    }

    private static void check(Settings settings, String setting, String name) {
        if (!name.isEmpty() && !isName(name.replace(STREAM, "s").replace(REGION, "r"))) {
            settings.problem(
                    setting,
                    "'" + name
                            + "' is not a topic name; use up to 249 letters, digits, dots, underscores and hyphens;"
                            + " {stream} and {region} can be part of it");
        }
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The topics that would be created with a retention too short for events that begin then. */
    List<String> retentionWarnings(Instant first, Instant now) {
        List<String> warnings = new ArrayList<>();
        warn(warnings, "", others, first, now);
        new TreeMap<>(byStream).forEach((stream, plan) -> warn(warnings, "topics." + stream + ".", plan, first, now));
        return warnings;
    }

    private static void warn(List<String> warnings, String path, @Nullable Plan plan, Instant first, Instant now) {
        if (plan != null && plan.options.retention() != null) {
            String warning = Routes.retentionWarning(
                    plan.options.retention().toMillis(), first.toEpochMilli(), now.toEpochMilli());
            if (warning != null) {
                warnings.add(path + "retention: '" + plan.name + "' " + warning);
            }
        }
    }

    /** Whether the topic depends on the region. */
    boolean byRegion() {
        return others != null && others.name.contains(REGION)
                || byStream.values().stream().anyMatch(plan -> plan.name.contains(REGION));
    }

    /** The topic of a stream's events. @throws DeliveryException if there is none */
    Plan of(String stream) {
        Plan plan = byStream.getOrDefault(stream, others);
        if (plan == null) {
            throw new DeliveryException(
                    "stream '" + stream + "' has no topic; add it to topics, or set topic for all streams that are not"
                            + " named there, such as topic: \"{stream}\"",
                    null);
        }
        return plan;
    }

    /** Every topic that a run can send to, in the order of names. @throws DeliveryException if one cannot exist */
    Map<String, TopicOptions> all(LaneContext run) {
        List<String> streams =
                run.streams().stream().map(LaneContext.Stream::name).toList();
        for (String named : byStream.keySet()) {
            if (!streams.contains(named)) {
                throw new DeliveryException(
                        "topics names '" + named + "', which is not a stream of this run; the streams are "
                                + String.join(", ", streams),
                        null);
            }
        }
        Map<String, TopicOptions> all = new TreeMap<>();
        for (String stream : streams) {
            Plan plan = of(stream);
            for (String region : run.regions()) {
                add(all, plan.in(stream, region), plan.options, stream);
            }
        }
        return all;
    }

    private static void add(Map<String, TopicOptions> all, String topic, TopicOptions options, String stream) {
        if (!isName(topic)) {
            throw new DeliveryException(
                    "the topic of stream '" + stream + "' would be '" + topic
                            + "', which is not a topic name; give the stream a name of its own under topics",
                    null);
        }
        TopicOptions other = all.putIfAbsent(topic, options);
        if (other != null && !other.equals(options)) {
            throw new DeliveryException(
                    "topic '" + topic + "' is configured in two ways: with " + other.words() + " and, for stream '"
                            + stream + "', with " + options.words() + "; make them equal",
                    null);
        }
    }
}
