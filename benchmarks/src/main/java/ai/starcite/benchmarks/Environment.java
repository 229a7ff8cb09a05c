package ai.starcite.benchmarks;

import java.nio.file.Path;

/**
 * Where and how much is measured.
 *
 * @param scale how much
 * @param directory an empty directory on the disk that is meant
 */
public record Environment(Scale scale, Path directory) {}
