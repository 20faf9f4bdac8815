package io.dataflux.cli;

/** The reader of stdout has gone, which is how an endless output ends: no error. */
final class ClosedOutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClosedOutputException(java.io.IOException cause) {
        super(cause);
    }
}
