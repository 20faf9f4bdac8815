package io.dataflux.encode;

/** Writes a part of the located event at {@code at} and returns where it stopped. */
@FunctionalInterface
interface Op {
    int write(EventState s, byte[] b, int at);
}
