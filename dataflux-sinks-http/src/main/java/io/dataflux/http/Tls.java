package io.dataflux.http;

import io.dataflux.DeliveryException;
import io.dataflux.spi.Settings.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust, and who we are.
 *
 * @param truststore PKCS12 or JKS, or certificates as PEM; {@code null} for the JVM's own
 * @param keystore our own certificate and key, PKCS12 or JKS; {@code null} for none
 */
record Tls(
        @Nullable Path truststore,
        @Nullable Secret truststorePassword,
        @Nullable Path keystore,
        @Nullable Secret keystorePassword) {

    /** @throws DeliveryException that names the file */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keystore == null ? null : keys(keystore).getKeyManagers(),
                    truststore == null ? null : trust(truststore).getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new DeliveryException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private KeyManagerFactory keys(Path file) throws GeneralSecurityException {
        char[] password = chars(keystorePassword);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(file, password, "tls.keystore"), password);
        return keys;
    }

    private TrustManagerFactory trust(Path file) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load(file, chars(truststorePassword), "tls.truststore"));
        return trust;
    }

    private static KeyStore load(Path file, char[] password, String setting) throws GeneralSecurityException {
        try {
            String start = new String(firstBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
            if (start.startsWith("-----BEGIN")) {
                return pem(file);
            }
            return KeyStore.getInstance(file.toFile(), password);
        } catch (IOException | GeneralSecurityException e) {
            throw new DeliveryException(
                    setting + ": cannot read " + file + ": " + (e.getMessage() == null ? e.toString() : e.getMessage())
                            + "; name a PKCS12 or JKS file and its password"
                            + (setting.endsWith("truststore") ? ", or PEM certificates" : ""),
                    e);
        }
    }

    private static byte[] firstBytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(10);
        }
    }

    private static KeyStore pem(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, each);
            }
        }
        return store;
    }

    private static char[] chars(@Nullable Secret secret) {
        return secret == null ? new char[0] : secret.reveal().toCharArray();
    }
}
