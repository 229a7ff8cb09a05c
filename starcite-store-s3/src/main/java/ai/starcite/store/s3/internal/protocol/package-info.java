/** Keeps sessions in objects that are put if absent, by any number of processes. */
@NullMarked
package ai.starcite.store.s3.internal.protocol;

import org.jspecify.annotations.NullMarked;
