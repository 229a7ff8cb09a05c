package ai.starcite.examples.support;

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

  private final List<RecordedConversation> conversations;
  private final Supplier<SegmentStore> store;
  private final PrintStream out;

  /** An import into a store that is opened twice, the second time as after a restart. */
  TranscriptImport(
      List<RecordedConversation> conversations, Supplier<SegmentStore> store, PrintStream out) {
    this.conversations = conversations;
    this.store = store;
    this.out = out;
  }

  /** Runs everything; returns the exit code. */
  int run() throws Exception {
    out.println("Loading " + conversations.size() + " conversations…");
    long start = System.nanoTime();
    long acknowledged;
    try (SessionLog log = SessionLog.open(store.get())) {
      List<Integer> events = forEach(conversation -> write(log, conversation));
      acknowledged = events.stream().mapToLong(Integer::longValue).sum();
    }
    long loaded = System.nanoTime();
    out.println("Restarting, replaying, and comparing…");
    List<ConversationCheck> checks;
    try (SessionLog log = SessionLog.open(store.get())) {
      checks = forEach(conversation -> ConversationCheck.of(log, conversation));
    }
    long replayed = System.nanoTime();
    out.printf(
        "Loading took %d ms, the rest %d ms.%n",
        (loaded - start) / 1_000_000, (replayed - loaded) / 1_000_000);
    return summary(acknowledged, checks).print(out);
  }

  private static int write(SessionLog log, RecordedConversation conversation)
      throws BadInputException {
    try {
      return new ConversationWriter(log, conversation).write();
    } catch (SessionLogException e) {
      if (e.code() == Code.INVALID) { // such as a message over the log's limit
        throw new BadInputException("line " + conversation.line() + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private Summary summary(long acknowledged, List<ConversationCheck> checks) {
    List<String> differences = checks.stream().flatMap(c -> c.differences().stream()).toList();
    differences.stream().limit(MAX_DIFFERENCES).forEach(out::println);
    long messages = conversations.stream().mapToLong(t -> t.messages().size()).sum();
    Summary summary = new Summary();
    summary.number("conversations", conversations.size(), "");
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
        Executors.newFixedThreadPool(Math.min(MAX_THREADS, conversations.size()));
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (RecordedConversation conversation : conversations) {
        futures.add(threads.submit(() -> work.on(conversation)));
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
    T on(RecordedConversation conversation) throws Exception;
  }
}
