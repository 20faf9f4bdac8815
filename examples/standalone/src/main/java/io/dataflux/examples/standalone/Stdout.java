package io.dataflux.examples.standalone;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Bytes to stdout, without a change of charset on the way. Says so when nobody reads them any more. */
final class Stdout implements AutoCloseable {

    private final java.io.BufferedOutputStream out =
            new java.io.BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);

    void line(byte[] bytes) {
        try {
            out.write(bytes);
            out.write('\n');
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
