package io.dataflux.engine;

import io.dataflux.DeliveryException;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What went wrong at one sink, in the order in which it did. Thread-safe; its size is bounded, however much fails. What counts as a
 * failed delivery also calls {@code onFailure}, which must not block.
 */
final class SinkFailures {

    private static final int CAUSES = 8;
    private static final int RANGES = 6;
    private static final int OTHERS = 32;

    private final String sink;
    private final Runnable onFailure;
    private final Map<String, Long> failures = new LinkedHashMap<>();
    private final Map<String, Long> unknowns = new LinkedHashMap<>();
    private final List<String> others = new ArrayList<>();
    private long settledAgain;

    SinkFailures(String sink, Runnable onFailure) {
        this.sink = sink;
        this.onFailure = onFailure;
    }

    void failed(int events, Throwable cause) {
        delivery(failures, events, cause);
    }

    void unknown(int events, Throwable cause) {
        delivery(unknowns, events, cause);
    }

    private void delivery(Map<String, Long> causes, int events, Throwable cause) {
        if (events > 0) {
            synchronized (this) {
                String words = words(cause);
                boolean known = causes.containsKey(words) || causes.size() < CAUSES;
                causes.merge(known ? words : "other causes", (long) events, Long::sum);
            }
            onFailure.run();
        }
    }

    /** Notes that a call of the sink other than a delivery failed. */
    void failure(String what, Throwable cause) {
        other(what + ": " + words(cause));
        onFailure.run();
    }

    /** Notes a sentence. */
    synchronized void other(String sentence) {
        if (others.size() < OTHERS) {
            others.add(sentence);
        }
    }

    synchronized void settledAgain(int events) {
        settledAgain += events;
    }

    synchronized boolean none() {
        return failures.isEmpty() && unknowns.isEmpty() && others.isEmpty() && settledAgain == 0;
    }

    /** One sentence per kind of trouble, with the events that it concerns as far as the ledgers of the streams are given. */
    synchronized List<String> sentences(List<StreamLedger> streams, EarlierAttempts past) {
        List<String> sentences = new ArrayList<>();
        if (!failures.isEmpty()) {
            sentences.add(sentence("failed", failures, events(streams, past, shard -> shard.failed())));
        }
        if (!unknowns.isEmpty()) {
            sentences.add(sentence("unknown", unknowns, events(streams, past, shard -> shard.unknown())));
        }
        for (String other : others) {
            sentences.add("sink '" + sink + "': " + other);
        }
        if (settledAgain > 0) {
            sentences.add("sink '" + sink + "': " + events(settledAgain)
                    + " settled more than once; the first outcome counts, and the sink has a defect");
        }
        return sentences;
    }

    private String sentence(String outcome, Map<String, Long> causes, String events) {
        long sum = causes.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder text = new StringBuilder("sink '" + sink + "': " + events(sum) + " " + outcome);
        String before = ": ";
        for (Map.Entry<String, Long> cause : causes.entrySet()) {
            text.append(before);
            if (causes.size() > 1) {
                text.append(PlanWords.count(cause.getValue())).append(" by ");
            }
            text.append(cause.getKey());
            before = "; ";
        }
        return events.isEmpty()
                ? text.toString()
                : text.append("; ").append(events).toString();
    }

    private static String events(long count) {
        return count == 1 ? "1 event" : PlanWords.count(count) + " events";
    }

    private static String events(
            List<StreamLedger> streams, EarlierAttempts past, Function<ShardLedger, Ranges> outcome) {
        StringBuilder text = new StringBuilder();
        int left = RANGES;
        int more = 0;
        for (int index = 0; index < streams.size(); index++) {
            StreamLedger stream = streams.get(index);
            String name = "stream '" + stream.name() + "'";
            for (int shard = 0; shard < stream.shards().size(); shard++) {
                Ranges ranges = outcome.apply(stream.shards().get(shard));
                for (int i = 0; i < ranges.size(); i++) {
                    if (left-- > 0) {
                        text.append(name).append(i == 0 ? " shard " + shard + " within " : " ");
                        text.append(past.within(index, shard, ranges.from(i), ranges.to(i)))
                                .append(',');
                        name = "";
                    } else {
                        more++;
                    }
                }
            }
        }
        if (text.length() > 0) {
            text.setLength(text.length() - 1);
        }
        return more == 0 ? text.toString() : text + " and " + more + (more == 1 ? " more range" : " more ranges");
    }

    /** A message that is meant for users needs no class name. */
    private static String words(Throwable cause) {
        String kind = cause.getClass().getSimpleName();
        String message = cause.getMessage();
        return message == null ? kind : cause instanceof DeliveryException ? message : kind + ": " + message;
    }
}
