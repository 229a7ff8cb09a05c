/** What the objects of the store are, and where. */
@NullMarked
package ai.starcite.store.s3.internal.format;

import org.jspecify.annotations.NullMarked;
