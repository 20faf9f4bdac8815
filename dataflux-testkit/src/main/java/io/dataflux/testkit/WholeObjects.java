package io.dataflux.testkit;

import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A store that lists whole objects only. The underlying store writes an object under a name of its own, {@code <key>-<uuid>}, which it
 * lists like any other until it renames it; a reader that looks just then would see the object twice. Thread-safe.
 */
final class WholeObjects extends ForwardingBlobStore {

    private static final Pattern UNFINISHED = Pattern.compile("(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** All keys that were ever written, as bucket and key. */
    private final Set<List<String>> written = ConcurrentHashMap.newKeySet();

    WholeObjects(BlobStore store) {
        super(store);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        written.add(List.of(request.bucket(), request.key()));
        return super.putBlob(request, content);
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        written.add(List.of(request.destinationBucket(), request.destinationKey()));
        return super.copyBlob(request);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        written.add(List.of(upload.containerName(), upload.blobName()));
        return super.completeMultipartUpload(upload, request);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response page = super.list(request);
        List<S3Object> whole = page.contents().stream()
                .filter(object -> !isUnfinished(request.bucket(), object.key()))
                .toList();
        return page.toBuilder().contents(whole).build();
    }

    private boolean isUnfinished(String bucket, String key) {
        Matcher name = UNFINISHED.matcher(key);
        return name.matches()
                && written.contains(List.of(bucket, name.group(1)))
                && !written.contains(List.of(bucket, key));
    }
}
