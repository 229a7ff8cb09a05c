package ai.starcite.store.rocksdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The process that owns a directory, as it has signed in the lock file. Unlike the lock on that
 * file, which the operating system releases with the first descriptor that the process closes, the
 * signature stays until the owner removes it or is dead.
 *
 * <p>A process is named by its id and its start, since ids are used again, and by the place where
 * that id means something: a boot of the machine and a namespace of ids in it.
 *
 * @param pid the id of the process
 * @param start when it was started, in a form that is the same for every observer
 * @param place where its id is valid, or empty if that is unknown
 * @param file the identity of the lock file, so that a copy of it names no owner
 * @param token random, so that no two signatures are equal
 */
record Owner(long pid, String start, String place, String file, String token) {
  /** What is known of an owner without asking it. */
  enum Life {
    ALIVE,
    DEAD,
    /** Its id says nothing here: it ran before a reboot, in another container or machine. */
    UNKNOWN
  }

  private static final Path PROC = Path.of("/proc");
  private static final int TOKEN_BYTES = 16;

  /** The fields of /proc/pid/stat behind the name of the program, which may contain anything. */
  private static final int STATE = 0;

  private static final int THREADS = 17;
  private static final int START = 19;

  /** Names this process as the owner of a lock file. */
  static Owner current(Object file) {
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    long pid = ProcessHandle.current().pid();
    return new Owner(
        pid, start(pid).orElse(""), here(), file.toString(), HexFormat.of().formatHex(token));
  }

  byte[] toBytes() {
    return "pid %d\nstart %s\nplace %s\nfile %s\ntoken %s\n"
        .formatted(pid, start, place, file, token)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a signature, or returns empty if the bytes are none. */
  static Optional<Owner> parse(byte[] bytes) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      int space = line.indexOf(' ');
      if (space > 0) {
        fields.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    try {
      return Optional.of(
          new Owner(
              Long.parseLong(fields.getOrDefault("pid", "")),
              fields.getOrDefault("start", ""),
              fields.getOrDefault("place", ""),
              fields.getOrDefault("file", ""),
              fields.getOrDefault("token", "")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Tells, without asking the owner, whether it lives. */
  Life life() {
    if (place.isEmpty() || !place.equals(here())) {
      return Life.UNKNOWN;
    }
    return start(pid).filter(start::equals).isPresent() ? Life.ALIVE : Life.DEAD;
  }

  boolean isThisProcess() {
    return pid == ProcessHandle.current().pid() && life() == Life.ALIVE;
  }

  private static boolean isLinux() {
    return Files.exists(PROC.resolve("self/stat"));
  }

  private static String here() {
    if (!isLinux()) {
      // One namespace of ids for the machine, and a start is a time, which a reboot changes.
      return System.getProperty("os.name");
    }
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException e) {
      return "";
    }
  }

  /** When a process that lives was started, or empty if there is none of that id. */
  private static Optional<String> start(long pid) {
    return isLinux()
        ? ticksAtStart(pid)
        : ProcessHandle.of(pid)
            .flatMap(process -> process.info().startInstant())
            .map(Instant::toString);
  }

  /** Reads the start as clock ticks since the boot, which no change of the clock moves. */
  private static Optional<String> ticksAtStart(long pid) {
    String stat;
    try {
      stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
    // One that was killed keeps its id until its parent asks for it; its threads may end later.
    return ended && Integer.parseInt(fields[THREADS]) <= 1
        ? Optional.empty()
        : Optional.of(fields[START]);
  }
}
