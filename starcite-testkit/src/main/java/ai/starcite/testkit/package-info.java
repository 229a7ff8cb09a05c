/**
 * Tests that any {@link ai.starcite.spi.SegmentStore} must pass. A store's author extends {@link
 * ai.starcite.testkit.SessionLogContract} and overrides one method.
 */
@NullMarked
package ai.starcite.testkit;

import org.jspecify.annotations.NullMarked;
