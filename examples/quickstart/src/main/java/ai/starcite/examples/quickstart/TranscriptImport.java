package ai.starcite.examples.quickstart;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SegmentStore;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Loads recorded conversations, restarts, replays all of them and compares them with the file. */
final class TranscriptImport {
  private static final int MAX_THREADS = 256;
  private static final int MAX_DIFFERENCES = 10;

  private final List<Transcript> transcripts;
  private final Supplier<SegmentStore> store;
  private final PrintStream out;

  /** An import into a store that is opened twice, the second time as after a restart. */
  TranscriptImport(List<Transcript> transcripts, Supplier<SegmentStore> store, PrintStream out) {
    this.transcripts = transcripts;
    this.store = store;
    this.out = out;
  }

  /** Runs everything; returns the exit code. */
  int run() throws Exception {
    out.println("Loading " + transcripts.size() + " conversations…");
    long start = System.nanoTime();
    long acknowledged;
    try (SessionLog log = SessionLog.open(store.get())) {
      List<Integer> events = forEach(transcript -> write(log, transcript));
      acknowledged = events.stream().mapToLong(Integer::longValue).sum();
    }
    long loaded = System.nanoTime();
    out.println("Restarting, replaying, and comparing…");
    List<ConversationCheck> checks;
    try (SessionLog log = SessionLog.open(store.get())) {
      checks = forEach(transcript -> ConversationCheck.of(log, transcript));
    }
    long replayed = System.nanoTime();
    out.printf(
        "Loading took %d ms, the rest %d ms.%n",
        (loaded - start) / 1_000_000, (replayed - loaded) / 1_000_000);
    return summary(acknowledged, checks).print(out);
  }

  private static int write(SessionLog log, Transcript transcript) throws BadInputException {
    try {
      return new ConversationWriter(log, transcript).write();
    } catch (SessionLogException e) {
      if (e.code() == Code.INVALID) { // such as a message over the log's limit
        throw new BadInputException("line " + transcript.line() + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private Summary summary(long acknowledged, List<ConversationCheck> checks) {
    List<String> differences = checks.stream().flatMap(c -> c.differences().stream()).toList();
    differences.stream().limit(MAX_DIFFERENCES).forEach(out::println);
    long messages = transcripts.stream().mapToLong(t -> t.messages().size()).sum();
    Summary summary = new Summary();
    summary.number("conversations", transcripts.size(), "");
    summary.number("messages", messages, "in the file");
    summary.number("acknowledged", acknowledged, "events: messages, tool calls, tool results");
    summary.check("replayed", sum(checks, ConversationCheck::events), acknowledged, "events");
    summary.check("replayed", sum(checks, ConversationCheck::messages), messages, "messages");
    long results = sum(checks, ConversationCheck::results);
    summary.number("tool results", results, "that refer to their calls");
    summary.check("differences", differences.size(), 0, "between the file and the log");
    return summary;
  }

  private static long sum(List<ConversationCheck> checks, ToLongFunction<ConversationCheck> part) {
    return checks.stream().mapToLong(part).sum();
  }

  /** Does something with each conversation, many at a time. */
  private <T> List<T> forEach(Work<T> work) throws Exception {
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(MAX_THREADS, transcripts.size()));
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Transcript transcript : transcripts) {
        futures.add(threads.submit(() -> work.on(transcript)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BadInputException badInput ? badInput : e;
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Work<T> {
    T on(Transcript transcript) throws Exception;
  }
}
