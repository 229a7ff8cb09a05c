/** Looks at a bucket before a store is opened there. */
@NullMarked
package ai.starcite.store.s3.internal.opening;

import org.jspecify.annotations.NullMarked;
