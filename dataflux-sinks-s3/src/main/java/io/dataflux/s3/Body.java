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
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What an object is to hold: the lines of a chunk, compressed or not, in memory. Immutable; keeps the chunk's array.
 *
 * <p>A checksum of the lines goes with the object as metadata, for what is compressed depends on the zlib in use and cannot be compared. It
 * answers one question, whether an object of this very name, which has the run's tag in it, holds these very lines. Nobody forges it, so
 * their length and a cyclic check are enough, and cost a small part of a cryptographic hash.
 */
final class Body {

    /** The name of the metadata that holds the length and the CRC-32C of the lines. */
    static final String CHECKSUM = "dataflux-crc32c";

    /** The name of the metadata that holds the number of lines. */
    static final String EVENTS = "dataflux-events";

    // a generator's processor time is its own events' first; higher levels save a few per cent at several times the
    // cost
    private static final int LEVEL = 1;

    private static final int BLOCK = 1 << 16;

    private final byte[] lines;
    private final int length;
    private final int events;
    private final String checksum;
    private final int partBytes;
    /** The CRC-32 of each part; empty if what is stored is not the lines. */
    private final int[] parts;

    private final byte[] stored;
    private final int storedLength;
    private final boolean gzip;

    private Body(Chunk chunk, int partBytes, byte[] stored, int storedLength, boolean gzip) {
        lines = chunk.bytes();
        length = chunk.length();
        events = chunk.size();
        this.partBytes = partBytes;
        this.stored = stored;
        this.storedLength = storedLength;
        this.gzip = gzip;
        parts = new int[gzip ? 0 : (length - 1) / partBytes + 1];
        checksum = length + "-" + HexFormat.of().toHexDigits(check());
    }

    /** Notes the CRC-32 of each part and returns the CRC-32C of the lines: block by block, since these come from memory only once. */
    private int check() {
        CRC32C all = new CRC32C();
        CRC32 part = new CRC32();
        for (int from = 0, to; from < length; from = to) {
            int partEnd = (int) Math.min(length, (from / partBytes + 1L) * partBytes);
            to = (int) Math.min(partEnd, from + (long) BLOCK);
            all.update(lines, from, to - from);
            if (!gzip) {
                part.update(lines, from, to - from);
                if (to == partEnd) {
                    parts[from / partBytes] = (int) part.getValue();
                    part.reset();
                }
            }
        }
        return (int) all.getValue();
    }

    static Body of(Chunk chunk, boolean gzip, int partBytes) {
        if (!gzip) {
            return new Body(chunk, partBytes, chunk.bytes(), chunk.length(), false);
        }
        Bytes out = new Bytes(Math.max(512, chunk.length() / 4));
        try (GZIPOutputStream compressed = new Gzip(out)) {
            compressed.write(chunk.bytes(), 0, chunk.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory has no such errors
        }
        return new Body(chunk, partBytes, out.array(), out.size(), true);
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

    /** Of a part, or of all if that is one part. */
    String crc32(int from, int to) {
        int value;
        if (gzip) {
            CRC32 crc = new CRC32();
            crc.update(stored, from, to - from);
            value = (int) crc.getValue();
        } else {
            value = parts[from / partBytes];
        }
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
