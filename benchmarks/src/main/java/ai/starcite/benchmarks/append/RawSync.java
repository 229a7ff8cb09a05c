package ai.starcite.benchmarks.append;

import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** What the disk does by itself: bytes appended to a file, each time followed by fdatasync. */
final class RawSync implements Workload {
  private final Path directory;
  private final int bytes;
  private final Duration measured;

  RawSync(Path directory, int bytes, Duration measured) {
    this.directory = directory;
    this.bytes = bytes;
    this.measured = measured;
  }

  @Override
  public String name() {
    return "fdatasync after " + bytes + " bytes";
  }

  @Override
  public void measure(Figures figures) throws Exception {
    Path file = Directories.empty(directory, "raw").resolve("file");
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long start = System.nanoTime();
      long syncs = 0;
      do {
        buffer.clear();
        channel.write(buffer);
        channel.force(false);
        syncs++;
      } while (System.nanoTime() - start < measured.toNanos());
      figures.add("fdatasync/" + bytes, syncs * 1e9 / (System.nanoTime() - start));
    }
    Directories.delete(file.getParent());
  }
}
