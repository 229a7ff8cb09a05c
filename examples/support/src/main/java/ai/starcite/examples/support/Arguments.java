package ai.starcite.examples.support;

import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The command line of the quickstart: runs the demo, or a {@link TranscriptImport}.
 *
 * <p>The exit code is 0 if all checks held, 1 if one failed, and 2 if the arguments or the file are
 * no good.
 */
public final class Arguments {
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

  /** What runs if there are no arguments. */
  public interface Demo {
    /** Keeps its log in a folder that does not exist yet, and returns the exit code. */
    int run(Path directory, PrintStream out) throws Exception;
  }

  private Arguments() {}

  /** Runs, and ends this JVM with the exit code unless that is 0. */
  public static void main(Class<?> program, Demo demo, String... args) throws Exception {
    // The target folder of its module, wherever the program was started.
    var classes = program.getProtectionDomain().getCodeSource().getLocation();
    Path target = Path.of(classes.toURI()).toRealPath().getParent();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(List.of(args), target, demo, out, err);
    if (exitCode != 0) {
      System.exit(exitCode); // also inside exec:java, so that Maven fails with it
    }
  }

  /** Does what the arguments say, with the store in a directory, and returns the exit code. */
  public static int run(
      List<String> args, Path directory, Demo demo, PrintStream out, PrintStream err)
      throws Exception {
    try {
      if (args.isEmpty()) {
        return demo.run(Directories.fresh(directory, "quickstart-demo"), out);
      }
      switch (args.get(0)) {
        case "--transcripts" -> {
          if (args.size() != 2) {
            throw new BadInputException("--transcripts takes one file; try --help");
          }
          List<RecordedConversation> conversations = TranscriptFile.read(args.get(1));
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
}
