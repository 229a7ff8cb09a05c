package ai.starcite.examples.cli.append;

import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.examples.cli.console.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The producers that the command has for one session of one place. Each run locks one of them; runs
 * at the same time have different ones, so that no number is used twice and no run waits.
 */
public final class Producers {
  private static final int MOST = 1_000;

  private final Path directory;
  private final String incarnation;

  private Producers(Path directory, String incarnation) {
    this.directory = directory;
    this.incarnation = incarnation;
  }

  public static Producers of(Shell shell, String place, String sessionId, String incarnation) {
    Path directory = home(shell).resolve("producers").resolve(hash(place + "\n" + sessionId));
    try {
      Directories.create(directory);
      Path about = directory.resolve("about");
      if (!Files.exists(about)) {
        Files.writeString(about, place + "\n" + sessionId + "\n");
      }
    } catch (IOException e) {
      throw unusable(directory, e);
    }
    return new Producers(directory, incarnation);
  }

  private static Path home(Shell shell) {
    if (shell.variable("STARCITE_HOME") != null) {
      return Path.of(shell.variable("STARCITE_HOME"));
    }
    if (shell.variable("XDG_STATE_HOME") != null) {
      return Path.of(shell.variable("XDG_STATE_HOME"), "starcite");
    }
    String home = shell.variable("HOME");
    return Path.of(home == null ? System.getProperty("user.home") : home)
        .resolve(Path.of(".local", "state", "starcite"));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static CommandException unusable(Path directory, IOException e) {
    return new CommandException(
        ExitCode.FAILED,
        "cannot keep producers in "
            + directory
            + " ("
            + e
            + "): set STARCITE_HOME to a directory that can be written to",
        e);
  }

  /** What to do with a producer whose last run has not ended. */
  interface Heir {
    /** Whether this run is that one again; else what it left is settled. */
    boolean continues(ProducerFile unfinished);
  }

  /**
   * Locks a producer: one whose unfinished run this one continues, or else the first one that is
   * free. Of all that are free, what they left is settled on the way.
   */
  ProducerFile lock(Heir heir) {
    ProducerFile free = null;
    try {
      for (int n = 0; n < MOST; n++) {
        Path file = directory.resolve(Integer.toString(n));
        if (free != null && !Files.exists(file)) {
          return free;
        }
        ProducerFile opened = ProducerFile.tryOpen(file, incarnation);
        if (opened != null && opened.state().isUnfinished() && heir.continues(opened)) {
          if (free != null) {
            free.close();
          }
          return opened;
        } else if (opened != null && free == null) {
          free = opened;
        } else if (opened != null) {
          opened.close();
        }
      }
    } catch (IOException e) {
      throw unusable(directory, e);
    }
    if (free == null) {
      throw new CommandException(
          ExitCode.UNAVAILABLE, MOST + " runs append to this session at once; wait for some");
    }
    return free;
  }
}
