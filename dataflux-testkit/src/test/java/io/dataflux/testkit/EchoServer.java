package io.dataflux.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Sends back what it gets, and counts it. */
final class EchoServer implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private long received;
    private int reads;
    private int ends;
    private int resets;
    private volatile boolean mute;

    EchoServer() throws IOException {
        this(0);
    }

    EchoServer(int port) throws IOException {
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        acceptor = new Thread(this::accept, "echo");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Listens on and answers no more. */
    void mute() {
        mute = true;
    }

    synchronized long received() {
        return received;
    }

    synchronized int reads() {
        return reads;
    }

    /** How many connections ended with a reset. */
    synchronized int resets() {
        return resets;
    }

    void awaitReceived(long bytes) throws InterruptedException {
        await(() -> received >= bytes);
    }

    void awaitEnds(int connections) throws InterruptedException {
        await(() -> ends >= connections);
    }

    private synchronized void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("received " + received + " bytes, " + ends + " ends");
            }
            wait(left);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread thread = new Thread(() -> echo(socket), "echo-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void echo(Socket socket) {
        byte[] buffer = new byte[8_192];
        boolean reset = false;
        try (socket;
                InputStream in = socket.getInputStream()) {
            socket.setTcpNoDelay(true);
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count(read);
                if (!mute) {
                    socket.getOutputStream().write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            reset = true;
        }
        end(reset);
    }

    private synchronized void count(int read) {
        received += read;
        reads++;
        notifyAll();
    }

    private synchronized void end(boolean reset) {
        ends++;
        resets += reset ? 1 : 0;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            acceptor.join(5_000); // the port is free when it has left
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
