package io.dataflux.kafka;

/**
 * A topic as it was found when the run began.
 *
 * @param partitions all lanes divide keys by this number, whatever is added later
 * @param retentionMillis records whose timestamp is older than this are deleted, negative if none are
 */
record Topic(String name, int partitions, long retentionMillis) {}
