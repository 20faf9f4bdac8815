/** The place of the S3 sink, which is not written yet. */
@NullMarked
package io.dataflux.s3;

import org.jspecify.annotations.NullMarked;
