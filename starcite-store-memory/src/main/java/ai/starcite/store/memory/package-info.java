/** A store that keeps sessions in memory, for tests and prototypes. */
@NullMarked
package ai.starcite.store.memory;

import org.jspecify.annotations.NullMarked;
