package io.dataflux.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Speaks HTTP to the page by hand, so that any header can be sent, also those that clients guard. */
final class Client implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Socket socket;
    private final InputStream raw;
    private BufferedReader in;
    int status;
    final Map<String, String> headers = new LinkedHashMap<>();

    /** Sends a request with further header lines; one that begins with Host replaces the usual one. */
    Client(String url, String request, String... lines) throws IOException {
        URI uri = URI.create(url);
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(60_000);
        StringBuilder text = new StringBuilder(request + " HTTP/1.1\r\n");
        boolean host = false;
        for (String line : lines) {
            host |= line.startsWith("Host:");
        }
        text.append(host ? "" : "Host: " + uri.getHost() + ":" + uri.getPort() + "\r\n");
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        raw = new BufferedInputStream(socket.getInputStream());
    }

    static Client get(LivePage page, String path, String... lines) throws IOException {
        return new Client(page.url(), "GET " + path, lines).head();
    }

    static String token(LivePage page) {
        return "Authorization: Bearer " + page.address().replaceAll(".*#token=", "");
    }

    /** Reads status and headers. */
    Client head() throws IOException {
        String line = line();
        if (line == null) {
            throw new IOException("closed");
        }
        status = Integer.parseInt(line.split(" ", 3)[1]);
        for (line = line(); line != null && !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(java.util.Locale.ROOT), line.substring(colon + 2));
        }
        InputStream body = headers.containsKey("transfer-encoding") ? new Chunked() : raw;
        in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        return this;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = raw.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = raw.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** What is in the chunks. */
    private final class Chunked extends InputStream {
        private int left;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int at, int most) throws IOException {
            if (left == 0) {
                String size = line();
                size = size != null && size.isEmpty() ? line() : size;
                left = size == null ? 0 : Integer.parseInt(size, 16);
            }
            int read = left == 0 ? -1 : raw.read(target, at, Math.min(most, left));
            left -= Math.max(0, read);
            return read;
        }
    }

    /** The body by its length. */
    String body() throws IOException {
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        StringBuilder body = new StringBuilder();
        int bytes = 0;
        while (bytes < length) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("cut off");
            }
            body.append((char) c);
            bytes += String.valueOf((char) c).getBytes(StandardCharsets.UTF_8).length;
        }
        return body.toString();
    }

    /** The next event of a kind; null at the end. */
    JsonNode event(String kind) throws IOException {
        String last = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("event: ")) {
                last = line.substring(7);
            } else if (line.startsWith("data: ") && last.equals(kind)) {
                return JSON.readTree(line.substring(6));
            }
        }
        return null;
    }

    /** Everything until the end. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            rest.append(line).append('\n');
        }
        return rest.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
