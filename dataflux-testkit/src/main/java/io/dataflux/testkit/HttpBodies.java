package io.dataflux.testkit;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bodies of requests and pages: events side by side, without a look into what they are. */
final class HttpBodies {

    private HttpBodies() {}

    /** The events of JSON lines, of a JSON array, or a single one. */
    static List<byte[]> events(byte[] body) {
        return body.length > 0 && body[0] == '[' ? elements(body) : lines(body);
    }

    private static List<byte[]> lines(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= body.length; i++) {
            if (i == body.length || body[i] == '\n') {
                if (i > start) {
                    lines.add(Arrays.copyOfRange(body, start, i));
                }
                start = i + 1;
            }
        }
        return lines;
    }

    /** Cuts at the commas outside of strings and nested values. */
    private static List<byte[]> elements(byte[] body) {
        List<byte[]> elements = new ArrayList<>();
        int depth = 0;
        boolean text = false;
        int start = 1;
        for (int i = 0; i < body.length; i++) {
            byte b = body[i];
            if (text) {
                i += b == '\\' ? 1 : 0;
                text = b != '"';
            } else if (b == '"') {
                text = true;
            } else if (b == '[' || b == '{') {
                depth++;
            } else if (b == ']' || b == '}') {
                depth--;
            }
            if (!text && (depth == 1 && b == ',' || depth == 0 && b == ']')) {
                if (i > start) {
                    elements.add(Arrays.copyOfRange(body, start, i));
                }
                start = i + 1;
            }
        }
        return elements;
    }

    static byte[] page(List<byte[]> events, boolean lines) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        if (!lines) {
            page.write('[');
        }
        for (int i = 0; i < events.size(); i++) {
            if (!lines && i > 0) {
                page.write(',');
            }
            page.writeBytes(events.get(i));
            if (lines) {
                page.write('\n');
            }
        }
        if (!lines) {
            page.write(']');
        }
        return page.toByteArray();
    }

    static byte[] digest(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
