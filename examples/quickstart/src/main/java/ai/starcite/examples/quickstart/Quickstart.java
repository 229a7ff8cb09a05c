package ai.starcite.examples.quickstart;

import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs what the arguments ask for: the {@link Demo}, or a {@link TranscriptImport}.
 *
 * <p>The exit code is 0 if all checks held, 1 if one failed, and 2 if the arguments or the file are
 * no good.
 */
public final class Quickstart {
  private static final String USAGE =
      """
      Usage: mvn -q compile exec:java -pl examples/quickstart -am [-Dexec.args="OPTIONS"]

      Without options: three agents write one session, two tabs read it, and a writer is killed.
      Everything is in RocksDB under examples/quickstart/target, fresh with each run.

        --transcripts FILE  load recorded conversations instead, restart, replay, and compare them
                            with the file: one {"session": ID, "messages": [...]} a line, with
                            messages as in OpenAI's chat API
        --help              print this

      Exit code: 0 if all checks held, 1 if one failed, 2 if the options or the file are no good.
      """;

  private Quickstart() {}

  /** Runs, and ends this JVM with the exit code unless that is 0. */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(List.of(args), target(), out, err);
    if (exitCode != 0) {
      System.exit(exitCode); // also inside exec:java, so that Maven fails with it
    }
  }

  static int run(List<String> args, Path directory, PrintStream out, PrintStream err)
      throws Exception {
    try {
      if (args.isEmpty()) {
        return new Demo(Directories.fresh(directory, "quickstart-demo"), out).run();
      }
      switch (args.get(0)) {
        case "--transcripts" -> {
          if (args.size() != 2) {
            throw new BadInputException("--transcripts takes one file; try --help");
          }
          List<RecordedConversation> conversations = TranscriptFile.read(path(args.get(1)));
          Path store = Directories.fresh(directory, "quickstart-transcripts");
          return new TranscriptImport(conversations, () -> RocksDbSegmentStore.open(store), out)
              .run();
        }
        case "--help", "-h" -> {
          out.print(USAGE);
          return 0;
        }
        default -> throw new BadInputException("unknown option " + args.get(0) + "; try --help");
      }
    } catch (BadInputException e) {
      err.println("quickstart: " + e.getMessage());
      return 2;
    }
  }

  private static Path path(String file) throws BadInputException {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new BadInputException("no path of a file: " + e.getMessage(), e);
    }
  }

  /** This module's {@code target} folder, wherever the program was started. */
  private static Path target() throws URISyntaxException, IOException {
    var classes = Quickstart.class.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(classes.toURI()).toRealPath().getParent();
  }
}
