package io.dataflux.s3;

import io.dataflux.spi.Chunk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What an object is to hold: the lines of a chunk, compressed or not, in memory. Immutable; keeps the chunk's array.
 *
 * <p>A checksum of the lines goes with the object as metadata, for what is compressed depends on the zlib in use and cannot be compared. It
 * answers one question, whether an object of this very name, which has the run's tag in it, holds these very lines. Nobody forges it, so
 * their length and their CRC-32 are enough; that one costs nothing, for it follows from those of the parts, or comes with compression.
 */
final class Body {

    /** The name of the metadata that holds the length and the CRC-32 of the lines. */
    static final String CHECKSUM = "dataflux-crc32";

    /** The name of the metadata that holds the number of lines. */
    static final String EVENTS = "dataflux-events";

    // a generator's processor time is its own events' first; higher levels save a few per cent at several times the
    // cost
    private static final int LEVEL = 1;

    private final byte[] lines;
    private final int length;
    private final int events;
    private final byte[] stored;
    private final int storedLength;
    private final boolean gzip;
    private final int partBytes;
    /** The CRC-32 of each part of what is stored. */
    private final int[] parts;

    private final String checksum;

    private Body(Chunk chunk, int partBytes, byte[] stored, int storedLength, @Nullable Gzip gzip) {
        lines = chunk.bytes();
        length = chunk.length();
        events = chunk.size();
        this.stored = stored;
        this.storedLength = storedLength;
        this.gzip = gzip != null;
        this.partBytes = partBytes;
        parts = new int[(storedLength - 1) / partBytes + 1];
        int all = 0;
        CRC32 crc = new CRC32();
        for (int i = 0; i < parts.length; i++) {
            int from = i * partBytes;
            int size = Math.min(partBytes, storedLength - from);
            crc.reset();
            crc.update(stored, from, size);
            parts[i] = (int) crc.getValue();
            all = Crc.ofBoth(all, parts[i], size);
        }
        checksum = length + "-" + HexFormat.of().toHexDigits(gzip == null ? all : gzip.checksum());
    }

    static Body of(Chunk chunk, boolean gzip, int partBytes) {
        if (!gzip) {
            return new Body(chunk, partBytes, chunk.bytes(), chunk.length(), null);
        }
        Bytes out = new Bytes(Math.max(512, chunk.length() / 4));
        try (Gzip compressed = new Gzip(out)) {
            compressed.write(chunk.bytes(), 0, chunk.length());
            compressed.finish();
            return new Body(chunk, partBytes, out.array(), out.size(), compressed);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory has no such errors
        }
    }

    /** Of the lines. */
    String checksum() {
        return checksum;
    }

    int events() {
        return events;
    }

    /** The length of what is stored. */
    int length() {
        return storedLength;
    }

    boolean gzip() {
        return gzip;
    }

    /** What is stored, or a part of it, to be sent as often as needed without a copy. */
    RequestBody part(int from, int to) {
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(stored, from, to - from), to - from, contentType());
    }

    String contentType() {
        return gzip ? "application/gzip" : "application/x-ndjson";
    }

    /** Of the part that begins there. */
    String crc32(int from) {
        int value = parts[from / partBytes];
        byte[] bytes = {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
        return Base64.getEncoder().encodeToString(bytes);
    }

    String sha256(int from, int to) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(stored, from, to - from);
            return Base64.getEncoder().encodeToString(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether these, decompressed, are the lines. */
    boolean holds(InputStream found) throws IOException {
        byte[] buffer = new byte[1 << 16];
        int at = 0;
        for (int n = found.read(buffer); n >= 0; n = found.read(buffer)) {
            if (n > length - at || !Arrays.equals(buffer, 0, n, lines, at, at + n)) {
                return false;
            }
            at += n;
        }
        return at == length;
    }

    /** No time, no name, a fixed level: on one JDK the same bytes for the same lines. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(ByteArrayOutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(LEVEL);
        }

        /** The CRC-32 of what was written, which the format has at its end. */
        int checksum() {
            return (int) crc.getValue();
        }
    }

    /** Lends its array. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes(int capacity) {
            super(capacity);
        }

        byte[] array() {
            return buf;
        }
    }
}
