package io.dataflux;

import org.jspecify.annotations.Nullable;

/** Thrown when a target could not be opened, written or read; the message names the target, the events concerned and the likely fix. */
public final class DeliveryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DeliveryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
