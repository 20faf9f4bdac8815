package io.dataflux.s3;

import io.dataflux.DeliveryException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a failed request means: whether it may have had an effect, whether to try again, and which message it gets. */
final class Problem {

    /** How far requests got that failed. The order counts: the worst is kept. */
    enum Trace {
        /** The store never received it. */
        NOT_SENT,
        /** The store said no. */
        ANSWERED,
        /** There was no answer. */
        LOST
    }

    static final int PRECONDITION_FAILED = 412;

    private static final Set<Integer> TRANSIENT = Set.of(200, 408, 409, 429, 500, 502, 503, 504);
    private static final Set<String> TRANSIENT_CODES = Set.of(
            "RequestTimeout",
            "BadDigest",
            "IncompleteBody",
            "SlowDown",
            "InternalError",
            "XAmzContentChecksumMismatch");

    private Problem() {}

    static int status(SdkException e) {
        return e instanceof S3Exception s3 ? s3.statusCode() : 0;
    }

    static String code(SdkException e) {
        AwsErrorDetails details = e instanceof S3Exception s3 ? s3.awsErrorDetails() : null;
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    static Trace trace(SdkException e) {
        if (status(e) > 0) {
            return Trace.ANSWERED;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || (cause instanceof SocketTimeoutException && text(cause).startsWith("connect"))) {
                return Trace.NOT_SENT;
            }
            if (text(cause).startsWith("unable to load credentials")) {
                return Trace.NOT_SENT;
            }
        }
        return Trace.LOST;
    }

    private static String text(Throwable e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    }

    static boolean isTransient(SdkException e) {
        return status(e) == 0
                ? !text(e).startsWith("unable to load credentials")
                : TRANSIENT.contains(status(e)) || TRANSIENT_CODES.contains(code(e));
    }

    static DeliveryException of(S3Settings settings, String what, Throwable e) {
        return new DeliveryException(
                settings.masked("S3 " + settings.target() + ": " + what + ": " + reason(settings, e)),
                safe(settings, e));
    }

    /** The SDK's own exception, unless its text shows a key. */
    private static @Nullable Throwable safe(S3Settings settings, Throwable e) {
        return settings.masked(String.valueOf(e.getMessage())).equals(String.valueOf(e.getMessage())) ? e : null;
    }

    /** In words: what the store or the network said, and the likely fix. */
    static String reason(S3Settings settings, Throwable e) {
        if (e instanceof S3Exception s3 && s3.statusCode() > 0) {
            AwsErrorDetails details = s3.awsErrorDetails();
            String message = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
            return "status " + s3.statusCode() + (code(s3).isEmpty() ? "" : " " + code(s3)) + message
                    + fix(settings, s3.statusCode(), code(s3));
        }
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return "no answer in time (request_timeout, delivery_timeout)";
        }
        if (text(e).startsWith("unable to load credentials")) {
            return "there are no credentials; set access_key and secret_key, or those of the environment";
        }
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String reason = root instanceof SdkException || root instanceof DeliveryException
                ? String.valueOf(root.getMessage())
                : root.getClass().getSimpleName() + ": " + root.getMessage();
        if (root instanceof SocketTimeoutException && text(root).startsWith("read")) {
            return "no answer in time (request_timeout, delivery_timeout)";
        }
        boolean away = e instanceof SdkException sdk && trace(sdk) == Trace.NOT_SENT;
        return away ? reason + "; check endpoint, and that the store is running" : reason;
    }

    private static String fix(S3Settings settings, int status, String code) {
        if (code.equals("NoSuchBucket")) {
            return "; create the bucket, or set create_bucket: true";
        }
        if (code.equals("RequestTimeTooSkewed")) {
            return "; correct this machine's clock";
        }
        return switch (status) {
            case 301, 307 -> "; the bucket is in another region: set aws_region, which is now " + settings.region();
            case 401, 403 -> "; check access_key and secret_key, and whether they may list, read and write the bucket";
            case 501 -> "; the store does not support the request: try conditional_writes: false or checksum: none";
            default -> "";
        };
    }
}
