package ai.starcite.examples.cli;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.TailOptions;
import ai.starcite.chat.Content;
import ai.starcite.examples.cli.Starcite.Creates;
import ai.starcite.examples.cli.append.Pipeline;
import ai.starcite.examples.cli.append.Request;
import ai.starcite.examples.cli.append.RequestSource;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.backend.EventStream;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "bench",
    description = {
      "Measures appends and reads.",
      "It does so in a session of its own, which it deletes in the end.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite --data /tmp/bench bench --events 100000")
final class BenchCommand extends BackendCommand {
  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many are appended at full speed. By default ${DEFAULT-VALUE}.")
  private int events;

  @Option(
      names = "--single",
      paramLabel = "N",
      defaultValue = "500",
      description = "How many are appended one by one. By default ${DEFAULT-VALUE}.")
  private int single;

  @Option(
      names = "--size",
      paramLabel = "CHARACTERS",
      defaultValue = "200",
      description = "How much text an event has. By default ${DEFAULT-VALUE}.")
  private int size;

  private long nextSeq = 1;

  @Override
  void check() {
    if (events < 1 || single < 1 || size < 0) {
      throw CommandException.usage("--events and --single must be at least 1, --size at least 0");
    }
  }

  @Override
  Creates creates() {
    return Creates.SESSIONS;
  }

  @Override
  void run(Backend backend) {
    String id =
        backend.create(NewSession.ofId("bench_" + UUID.randomUUID()).withTitle("Bench")).id();
    try {
      print("append, one by one", single, singly(backend, id));
      print("append, up to " + backend.maxInFlight() + " at once", events, atOnce(backend, id));
      print("tail from the start", single + events, read(backend, id));
    } finally {
      backend.delete(id);
    }
  }

  private NewEvent next() {
    return NewEvent.of("content", Json.encode(new Content("x".repeat(size))))
        .withAgent("bench")
        .withProducer("bench", nextSeq++);
  }

  private long singly(Backend backend, String id) {
    long[] nanos = new long[single];
    Pipeline pipeline = new Pipeline(backend, id);
    long start = System.nanoTime();
    for (int i = 0; i < single; i++) {
      long sent = System.nanoTime();
      send(pipeline, List.of(Request.of(next())));
      nanos[i] = System.nanoTime() - sent;
    }
    long took = System.nanoTime() - start;
    Arrays.sort(nanos);
    shell()
        .out()
        .line(
            String.format(
                Locale.ROOT,
                "latency of one append       p50 %.2f ms, p99 %.2f ms, max %.2f ms",
                nanos[single / 2] / 1e6,
                nanos[(int) (single * 0.99)] / 1e6,
                nanos[single - 1] / 1e6));
    return took;
  }

  private long atOnce(Backend backend, String id) {
    Progress progress = new Progress(shell(), "events");
    Pipeline pipeline = new Pipeline(backend, id);
    RequestSource source =
        new RequestSource(() -> nextSeq > single + events ? null : Request.of(next()), () -> true);
    long start = System.nanoTime();
    for (List<Request> chunk = source.take(backend.maxInFlight(), request -> true);
        !chunk.isEmpty();
        chunk = source.take(backend.maxInFlight(), request -> true)) {
      send(pipeline, chunk);
      progress.at(nextSeq - 1 - single);
    }
    progress.clear();
    return System.nanoTime() - start;
  }

  private static void send(Pipeline pipeline, List<Request> chunk) {
    Pipeline.Outcome outcome = pipeline.send(chunk);
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
  }

  private static long read(Backend backend, String id) {
    long start = System.nanoTime();
    try (EventStream stream = backend.tail(id, TailOptions.from(0).withoutFollowing())) {
      while (stream.hasNext()) {
        stream.next();
      }
    }
    return System.nanoTime() - start;
  }

  private void print(String what, long count, long nanos) {
    shell()
        .out()
        .line(
            String.format(
                Locale.ROOT,
                "%-27s %,d events in %.2f s, %,.0f events/s",
                what,
                count,
                nanos / 1e9,
                count / (nanos / 1e9)));
  }
}
