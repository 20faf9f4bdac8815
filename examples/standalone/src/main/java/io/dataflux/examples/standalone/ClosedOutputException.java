package io.dataflux.examples.standalone;

/** Nobody reads stdout any more. */
final class ClosedOutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClosedOutputException(java.io.IOException cause) {
        super(cause);
    }
}
