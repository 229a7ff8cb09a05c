/** Keeps session logs in S3, or in what speaks its protocol: many processes share one log. */
@NullMarked
package ai.starcite.store.s3;

import org.jspecify.annotations.NullMarked;
