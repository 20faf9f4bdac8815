package io.dataflux.examples.standalone;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes bytes to stdout without any charset conversion; throws {@link ClosedOutputException} when the reader has gone. */
final class Stdout implements AutoCloseable {

    private final OutputStream out;

    Stdout() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    /** Writes to {@code target} instead of stdout. */
    Stdout(OutputStream target) {
        out = new BufferedOutputStream(target, 1 << 16);
    }

    void line(byte[] bytes) {
        try {
            out.write(bytes);
            out.write('\n');
        } catch (IOException e) {
            throw new ClosedOutputException(e);
        }
    }

    void bytes(byte[] bytes, int count) {
        try {
            out.write(bytes, 0, count);
        } catch (IOException e) {
            throw new ClosedOutputException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new ClosedOutputException(e);
        }
    }
}
