package io.dataflux.cli;

import io.dataflux.DeliveryException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the data of a command goes: stdout, without any charset conversion. {@code System.out} would hide that something could not be
 * written. Throws {@link ClosedOutputException} when the reader has gone, and {@link DeliveryException} when the output cannot be written
 * for another reason, such as a full disk. Not thread-safe.
 */
final class Stdout {

    private static final int FIFO = 0x1000;
    private static final int SOCKET = 0xC000;
    private static final int TYPE = 0xF000;

    private final OutputStream out;
    private final boolean pipe;

    Stdout() {
        this(new FileOutputStream(FileDescriptor.out), isPipe());
    }

    /** Writes to {@code target} instead of stdout. */
    Stdout(OutputStream target) {
        this(target, false);
    }

    private Stdout(OutputStream target, boolean pipe) {
        out = new BufferedOutputStream(target, 1 << 16);
        this.pipe = pipe;
    }

    void line(byte[] bytes) {
        write(() -> {
            out.write(bytes);
            out.write('\n');
        });
    }

    void line(Object words) {
        text(words + "\n");
    }

    void text(String words) {
        byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
        bytes(bytes, bytes.length);
    }

    void bytes(byte[] bytes, int count) {
        write(() -> out.write(bytes, 0, count));
    }

    /** To be called at the end of a command: what is still here goes out. */
    void flush() {
        write(out::flush);
    }

    private interface Writing {
        void write() throws IOException;
    }

    private void write(Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            if (isReaderGone(e)) {
                throw new ClosedOutputException(e);
            }
            throw new DeliveryException("standard output cannot be written: " + e.getMessage(), e);
        }
    }

    /** Nothing else can happen to a pipe; its errors have other words in other languages. */
    private boolean isReaderGone(IOException e) {
        String words = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return words.contains("pipe") || words.contains("connection reset") || pipe;
    }

    private static boolean isPipe() {
        try {
            int type = (int) Files.getAttribute(Path.of("/dev/fd/1"), "unix:mode") & TYPE;
            return type == FIFO || type == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false; // not a system with such names
        }
    }
}
