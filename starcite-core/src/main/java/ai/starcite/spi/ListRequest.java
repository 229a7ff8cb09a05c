package ai.starcite.spi;

import java.util.Optional;

/**
 * Which session records to list.
 *
 * @param prefix only ids that start with this; may be empty
 * @param after only ids that come after this one in the store's order
 * @param limit at most so many records, at least 1
 */
public record ListRequest(String prefix, Optional<String> after, int limit) {}
