package io.dataflux.http;

import io.dataflux.spi.Chunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** How the events of a chunk become the body of a request: a pure function of the events. */
enum Body {
    /** The event alone. */
    SINGLE("application/json"),
    /** Each event followed by a line end. */
    NDJSON("application/x-ndjson"),
    /** One array. */
    JSON_ARRAY("application/json");

    final String contentType;

    Body(String contentType) {
        this.contentType = contentType;
    }

    static String[] words() {
        return Arrays.stream(values()).map(Body::word).toArray(String[]::new);
    }

    static Body of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The bytes to send. May use the chunk's own array, which must not change afterwards. */
    Content of(Chunk chunk, boolean gzip) {
        Content plain = switch (this) {
            case SINGLE -> new Content(chunk.bytes(), chunk.length() - 1);
            case NDJSON -> new Content(chunk.bytes(), chunk.length());
            case JSON_ARRAY -> array(chunk);
        };
        return gzip ? zipped(plain) : plain;
    }

    private static Content array(Chunk chunk) {
        byte[] array = new byte[chunk.length() + 1];
        array[0] = '[';
        System.arraycopy(chunk.bytes(), 0, array, 1, chunk.length());
        for (int i = 0; i < chunk.size(); i++) {
            array[chunk.end(i) + 1] = (byte) (i == chunk.size() - 1 ? ']' : ',');
        }
        return new Content(array, array.length);
    }

    private static Content zipped(Content plain) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream(Math.max(64, plain.length / 4));
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(plain.bytes, 0, plain.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes everything
        }
        byte[] bytes = zipped.toByteArray();
        return new Content(bytes, bytes.length);
    }

    /** The first {@code length} bytes of an array. */
    static final class Content {
        final byte[] bytes;
        final int length;

        Content(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }
    }
}
