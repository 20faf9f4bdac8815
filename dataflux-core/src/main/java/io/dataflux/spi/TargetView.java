package io.dataflux.spi;

import java.util.List;
import java.util.Map;

/**
 * The system behind a sink as it looks from outside while a run goes on: what its logs hold, and how far those who read them are behind; see
 * {@link SinkConnector#view}. Made for people, who see by it whether the system under test keeps up. Used by one thread at a time, which
 * also closes it; a look is never on the way of an event.
 */
@FunctionalInterface
public interface TargetView extends AutoCloseable {

    /**
     * Looks now. The first look connects; each is bounded in time, and one that failed may be tried again.
     *
     * @throws Exception with a message for people
     */
    Target look() throws Exception;

    /** Gives up what looking took; by default nothing. Must not fail. */
    @Override
    default void close() {}

    /**
     * A target at a moment.
     *
     * @param remarks what could not be seen and why, in sentences
     */
    record Target(List<Log> logs, List<Group> groups, List<String> remarks) {
        public Target {
            logs = List.copyOf(logs);
            groups = List.copyOf(groups);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * A log that takes events, such as a topic.
     *
     * @param settings those that people ask about, in the order to show them
     */
    record Log(String name, List<Partition> partitions, Map<String, String> settings) {
        public Log {
            partitions = List.copyOf(partitions);
        }

        /** How many records it has taken, over all partitions. */
        public long end() {
            return partitions.stream().mapToLong(Partition::end).sum();
        }
    }

    /**
     * A partition of a log.
     *
     * @param end the offset that its next record gets
     * @param inSync how many of the replicas are in sync
     */
    record Partition(int number, long end, int replicas, int inSync) {}

    /**
     * Readers that share a log, such as a consumer group.
     *
     * @param state in the target's own word
     * @param members how many readers there are now
     * @param lag how many records they have still to read, of the partitions in which they have committed a position
     */
    record Group(String name, String log, String state, int members, long lag) {}
}
