package io.dataflux;

/**
 * Whether the figures of a run can be trusted. An immutable constant, safe for use by any thread.
 *
 * <p>Lag is split by its cause: time that a lane lost by itself, and time that it lost waiting for its sink.
 */
public enum Validity {
    /** The run kept its schedule within its budget; its figures describe the sink. */
    VALID,
    /** The lanes waited for the sink beyond the budget: a finding about the sink, not a fault of the run. */
    SATURATED,
    /** The lanes themselves were late beyond the budget: the figures describe the machine that sent, not the sink. */
    INVALID
}
