package io.dataflux.examples.standalone;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Handles Ctrl-C and {@code kill}: the first signal calls the handler, the second one ends the program. Uses reflection, because
 * javac warns wherever {@code sun.misc.Signal}, the only interface to signals, is named. Where it is missing, signals end the
 * program as usual.
 */
final class Interrupts implements AutoCloseable {

    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean seen = new AtomicBoolean();
    private final Runnable handler;

    private Interrupts(Runnable handler) {
        this.handler = handler;
    }

    static Interrupts handledBy(Runnable handler) {
        Interrupts interrupts = new Interrupts(handler);
        interrupts.install("INT");
        interrupts.install("TERM");
        return interrupts;
    }

    private void install(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            caught();
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
            return; // the signal is already handled, for example by nohup
        }
    }

    private void caught() {
        if (closed.get() || !seen.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(Command.INTERRUPTED);
        }
        handler.run();
    }

    /** From now on a signal ends the program at once. */
    @Override
    public void close() {
        closed.set(true);
    }
}
