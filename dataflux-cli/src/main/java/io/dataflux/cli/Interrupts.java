package io.dataflux.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Handles Ctrl-C, {@code kill} and a terminal that is closed: the first signal calls the handler; the next one, and any after the handler
 * was {@linkplain #close taken away}, ends the program at once with its number + 128, after temporary folders are deleted. A signal that
 * the program was started to ignore, as by {@code nohup}, stays ignored. Uses reflection,
 * because javac warns wherever {@code sun.misc.Signal}, the only interface to signals, is named. Where it is missing, signals end
 * the program as usual.
 */
final class Interrupts implements AutoCloseable {

    /** A signal ended the program before it had begun what it would have to end in order. */
    static final class SignalledException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int number;

        SignalledException(int number) {
            super("signal " + number);
            this.number = number;
        }

        int exitCode() {
            return Command.SIGNALLED + number;
        }
    }

    /** Whether a signal is ending the program. */
    private static final AtomicBoolean ENDING = new AtomicBoolean();

    private final AtomicBoolean closed = new AtomicBoolean();
    /** The number of the first signal; 0 before. */
    private final AtomicInteger first = new AtomicInteger();

    private final Runnable handler;

    private Interrupts(Runnable handler) {
        this.handler = handler;
    }

    static Interrupts handledBy(Runnable handler) {
        Interrupts interrupts = new Interrupts(handler);
        interrupts.install("INT", 2);
        interrupts.install("TERM", 15);
        interrupts.install("HUP", 1);
        return interrupts;
    }

    private void install(String name, int number) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            caught(number);
                        }
                        return method.getName().equals("equals")
                                ? self == args[0]
                                : method.getName().equals("hashCode") ? 0 : null;
                    });
            signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            return; // no such class here: the signal keeps its usual meaning
        } catch (InvocationTargetException e) {
            return; // the signal is already handled, or this system has none of that name
        }
    }

    private void caught(int number) {
        if (!closed.get() && first.compareAndSet(0, number)) {
            handler.run();
        } else {
            end(number);
        }
    }

    /** What still runs is cut off, and must not complain of that while the hooks of the JVM clean up. */
    private static void end(int number) {
        if (ENDING.getAndSet(true)) {
            Runtime.getRuntime().halt(Command.SIGNALLED + number);
        }
        System.err.flush();
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        System.exit(Command.SIGNALLED + number);
    }

    /** The number of the signal that called the handler; 0 if none did. */
    int first() {
        return first.get();
    }

    /** From now on a signal ends the program at once. */
    @Override
    public void close() {
        closed.set(true);
    }
}
