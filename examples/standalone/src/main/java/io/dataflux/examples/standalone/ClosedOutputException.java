package io.dataflux.examples.standalone;

/** The reader of stdout has gone. */
final class ClosedOutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClosedOutputException(java.io.IOException cause) {
        super(cause);
    }
}
