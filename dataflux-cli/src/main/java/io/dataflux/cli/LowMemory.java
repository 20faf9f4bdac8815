package io.dataflux.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ends the program with one sentence when its heap is too small, whichever thread notices. What that takes is kept ready, because then
 * there is nothing left to make it of.
 */
final class LowMemory {

    private static final AtomicBoolean ENDING = new AtomicBoolean();
    private static final OutputStream STDERR = new FileOutputStream(FileDescriptor.err);
    private static final byte[] SENTENCE = ("dataflux: too little memory: a heap of "
                    + Runtime.getRuntime().maxMemory() / (1 << 20)
                    + " MiB is not enough for this; raise it with -Xmx, such as DATAFLUX_JAVA_OPTS=-Xmx2g\n")
            .getBytes(StandardCharsets.UTF_8);

    /** Takes the place of the reserve; made now, not when there is no memory even for this. */
    private static final byte[] NOTHING = {};

    /** Released when memory is low. */
    private static final AtomicReference<byte[]> RESERVE = new AtomicReference<>(NOTHING);

    private LowMemory() {}

    /** From now on no thread dies of it unheard. */
    static void watch() {
        RESERVE.set(new byte[1 << 19]);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            if (isCauseOf(e)) {
                end();
            } else {
                System.err.println("Exception in thread \"" + thread.getName() + '"');
                e.printStackTrace();
            }
        });
    }

    /** Whether memory was too low, whatever was made of that on the way. */
    static boolean isCauseOf(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /** Says so and ends the program; temporary folders are deleted if there is memory for that. */
    static void end() {
        RESERVE.set(NOTHING);
        if (ENDING.getAndSet(true)) {
            Runtime.getRuntime().halt(Command.WRONG_INPUT); // by a hook of the JVM
        }
        try {
            STDERR.write(SENTENCE);
            System.exit(Command.WRONG_INPUT);
        } catch (IOException | OutOfMemoryError e) {
            Runtime.getRuntime().halt(Command.WRONG_INPUT);
        }
    }
}
