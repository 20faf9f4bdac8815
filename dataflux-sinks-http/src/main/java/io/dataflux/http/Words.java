package io.dataflux.http;

import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;

/** Errors and measures in words for users. */
final class Words {

    private Words() {}

    static String events(int count) {
        return count == 1 ? "1 event" : count + " events";
    }

    static String span(Duration span) {
        long millis = span.toMillis();
        return millis < 1_000
                ? millis + " ms"
                : millis % 1_000 == 0 ? millis / 1_000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    static String of(Throwable error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    /** Why there is no connection. */
    static String unreached(Throwable error) {
        if (error instanceof HttpConnectTimeoutException) {
            return "no connection within connect_timeout";
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no connection: unknown host";
            }
        }
        String message = error.getMessage();
        return "no connection: " + (message == null ? "refused" : message);
    }

    /** Whether another handshake would end in the same way. */
    static boolean isAboutTrust(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || of(cause).contains("fatal alert")) {
                return true;
            }
        }
        return of(error).contains("PKIX") || of(error).contains("certificate");
    }

    static String tls(Throwable error) {
        String message = of(error);
        String fix = message.contains("PKIX")
                ? "; its certificate is not trusted: set tls: {truststore: ...} to one that holds it or its CA"
                : message.contains("subject alternative") || message.contains("No name matching")
                        ? "; its certificate is for another host: set url to the name in the certificate"
                        : message.contains("fatal alert")
                                ? "; it refused this client: it may require a client certificate, see tls: {keystore: ...}"
                                : "";
        return "the TLS handshake failed: " + message + fix;
    }
}
