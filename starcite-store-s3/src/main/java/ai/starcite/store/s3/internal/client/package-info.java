/** Speaks to an object store. */
@NullMarked
package ai.starcite.store.s3.internal.client;

import org.jspecify.annotations.NullMarked;
