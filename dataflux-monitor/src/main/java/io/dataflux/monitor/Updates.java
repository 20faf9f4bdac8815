package io.dataflux.monitor;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What one open page is still to be sent. The page's own thread sends it; whoever has news only puts them here. A page that reads too slowly
 * gets everything anew when it reads again, so that what waits for it is bounded.
 */
final class Updates {

    private static final int MOST = 8;

    private final Deque<byte[]> news = new ArrayDeque<>();
    private boolean behind;
    private boolean closed;

    /** Gives the page news. */
    synchronized void add(byte[] event) {
        if (news.size() == MOST) {
            news.clear();
            behind = true;
        }
        if (!behind) {
            news.add(event);
        }
        notifyAll();
    }

    /** Nothing comes any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** What the page has not been sent yet: null if it needs everything anew. Waits for it; empty at the end. */
    synchronized byte @Nullable [] next() throws InterruptedException {
        while (news.isEmpty() && !behind && !closed) {
            wait();
        }
        if (behind) {
            behind = false;
            return null;
        }
        return news.isEmpty() ? new byte[0] : news.remove();
    }

    /** Makes everything be sent first. */
    synchronized void begin() {
        behind = true;
    }
}
