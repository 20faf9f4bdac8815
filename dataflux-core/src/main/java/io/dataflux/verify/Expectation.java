package io.dataflux.verify;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.Ledger.ShardLedger;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a system should make of each event: a function, asked again whenever it is needed.
 *
 * @param decode what the test sees of an event
 * @param outputs what is made of that; null for just that
 */
record Expectation<T>(
        Function<? super Event, ? extends T> decode,
        @Nullable Function<? super T, ? extends Stream<?>> outputs) {

    /** How many acknowledged events have an output, and how many outputs these have. */
    record Count(long events, long outputs) {}

    /** The outputs of an event. */
    List<?> of(EventStream stream, long sequence) {
        Event event = stream.event(sequence);
        T input = decode.apply(event);
        if (outputs == null) {
            return List.of(input);
        }
        Stream<?> made;
        try {
            made = outputs.apply(input);
        } catch (RuntimeException e) {
            throw new IllegalStateException("expecting(...) failed for event " + sequence + ", " + event + ": " + e, e);
        }
        if (made == null) {
            throw new IllegalStateException("expecting(...) gave null for event " + sequence + ", " + event
                    + ": return Stream.empty() for no output");
        }
        return made.toList();
    }

    Count count(Judged judged) {
        if (outputs == null) {
            return new Count(judged.acknowledged(), judged.acknowledged());
        }
        CompiledStream stream = judged.streams().get(0);
        Schedule schedule = stream.schedule();
        List<ShardLedger> shards = judged.shards(0);
        long events = 0;
        long all = 0;
        for (int shard = 0; shard < shards.size(); shard++) {
            Ranges acknowledged = shards.get(shard).acknowledged();
            for (int i = 0; i < acknowledged.size(); i++) {
                for (long local = acknowledged.from(i); local < acknowledged.to(i); local++) {
                    int count = of(stream, schedule.sequenceOf(shard, local)).size();
                    events += count > 0 ? 1 : 0;
                    all += count;
                }
            }
        }
        return new Count(events, all);
    }
}
