/**
 * What a storage engine implements: {@link ai.starcite.spi.SegmentStore} and the few values that
 * cross it. Programs that only use a log never meet this package, but for passing a store to {@link
 * ai.starcite.SessionLog#open}.
 */
@NullMarked
package ai.starcite.spi;

import org.jspecify.annotations.NullMarked;
