package io.dataflux.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The port of a {@link FaultProxy}: open, with a thread that accepts, or, as at first, held
 * so that connections are refused. Thread-safe. */
final class ProxyDoor implements AutoCloseable {

    private static final int BACKLOG = 200;
    private static final int PATIENCE_MILLIS = 5_000;

    private final InetSocketAddress address;
    private final Function<ServerSocket, Thread> accept;
    private @Nullable ServerSocket listener;
    private @Nullable Thread acceptor;
    /** Bound and not listening: no other process gets the port, and connections are refused. */
    private Socket holder;

    private boolean closed;

    /** @param accept starts the thread that accepts until the socket is closed */
    ProxyDoor(Function<ServerSocket, Thread> accept) throws IOException {
        this.accept = accept;
        holder = hold(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) holder.getLocalSocketAddress();
    }

    int port() {
        return address.getPort();
    }

    synchronized void open() {
        if (listener == null && !closed) {
            try {
                listener = bind(address);
            } catch (IOException e) {
                throw taken(e);
            }
            close(holder);
            acceptor = accept.apply(listener);
        }
    }

    synchronized void refuse() {
        if (listener != null) {
            leave();
            try {
                holder = hold(address);
            } catch (IOException e) {
                throw taken(e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        leave();
        close(holder);
    }

    private static Socket hold(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(address);
        return socket;
    }

    private static ServerSocket bind(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(address, BACKLOG);
        return socket;
    }

    private UncheckedIOException taken(IOException e) {
        return new UncheckedIOException("port " + port() + " was taken meanwhile", e);
    }

    /** The port is free when this returns: a socket is not closed before the thread that accepts has left it. */
    private void leave() {
        close(listener);
        listener = null;
        if (acceptor != null) {
            join(acceptor);
        }
    }

    /** Waits for a thread whose sockets are closed. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join(PATIENCE_MILLIS);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(@Nullable Closeable socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // then it is as good as closed
            }
        }
    }
}
