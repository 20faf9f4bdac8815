/** The sink for S3-compatible object stores. */
@NullMarked
package io.dataflux.s3;

import org.jspecify.annotations.NullMarked;
