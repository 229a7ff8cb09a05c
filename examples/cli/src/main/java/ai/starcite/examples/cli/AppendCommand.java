package ai.starcite.examples.cli;

import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.chat.Content;
import ai.starcite.examples.cli.append.AppendRun;
import ai.starcite.examples.cli.append.InputLines;
import ai.starcite.examples.cli.append.Producers;
import ai.starcite.examples.cli.append.Request;
import ai.starcite.examples.cli.append.RequestSource;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.Progress;
import java.util.OptionalLong;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "append",
    description = {
      "Appends an event, or a stream of them.",
      "Prints where an event is once it is stored. Without --text and --payload, standard input has"
          + " the events, JSON objects, one a line. If it is killed, or the outcome is unknown, run"
          + " it again: nothing is stored twice.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  starcite append ses_demo --agent drafter --text \"Drafting clause 4.2\"",
      "  starcite append ses_demo --actor tool:search --type status --payload"
          + " '{\"status\":\"ok\"}'",
      "  starcite append ses_demo --producer-id import-7 < events.jsonl"
    })
final class AppendCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  private String id;

  @Option(names = "--text", paramLabel = "TEXT", description = "What is said, as type content.")
  private String text;

  @Option(names = "--agent", paramLabel = "NAME", description = "Short for --actor agent:NAME.")
  private String agent;

  @Option(
      names = "--actor",
      paramLabel = "ACTOR",
      description = "Who does it: agent:drafter, user:u1, tool:search, system.")
  private String actor;

  @Option(names = "--type", paramLabel = "TYPE", description = "The type. By default content.")
  private String type;

  @Option(names = "--payload", paramLabel = "JSON", description = "The payload, an object.")
  private String payload;

  @Option(names = "--metadata", paramLabel = "JSON", description = "The metadata, an object.")
  private String metadata;

  @Option(
      names = "--refs",
      paramLabel = "JSON",
      description = "What it refers to: to_seq, request_id, sequence_id, step and others.")
  private String refs;

  @Option(names = "--source", paramLabel = "TEXT", description = "Where it came from.")
  private String source;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "A key of your own, stored and not acted on.")
  private String idempotencyKey;

  @Option(
      names = "--expected-seq",
      paramLabel = "SEQ",
      description = "Only if this is the last seq of the session.")
  private Long expectedSeq;

  @Option(
      names = "--producer-id",
      paramLabel = "ID",
      description =
          "Who numbers the events, if you do. By default the command numbers them and keeps count.")
  private String producerId;

  @Option(
      names = "--producer-seq",
      paramLabel = "N",
      description = "The number of the event; of standard input, of the first line, by default 1.")
  private Long producerSeq;

  @Option(names = "--each", description = "Of standard input, prints a line for each event.")
  private boolean each;

  private Request request;
  private long events;
  private long deduped;
  private AppendResult last;

  private boolean isOneEvent() {
    return text != null || payload != null;
  }

  @Override
  void check() {
    if (agent != null && actor != null) {
      throw CommandException.usage("--agent and --actor exclude each other");
    }
    if (text != null && payload != null) {
      throw CommandException.usage("--text and --payload exclude each other");
    }
    if (producerSeq != null && producerId == null) {
      throw CommandException.usage("--producer-seq needs --producer-id");
    }
    if (isOneEvent()) {
      checkOne();
    } else {
      checkInput();
    }
  }

  private void checkOne() {
    if (each) {
      throw CommandException.usage("--each is for events from standard input");
    }
    if (producerId != null && producerSeq == null) {
      throw CommandException.usage("--producer-id needs --producer-seq, the number of the event");
    }
    if (expectedSeq != null && expectedSeq < 0) {
      throw CommandException.usage("--expected-seq must be 0 or more, this is " + expectedSeq);
    }
    request =
        new Request(
            event(), expectedSeq == null ? OptionalLong.empty() : OptionalLong.of(expectedSeq));
  }

  private NewEvent event() {
    Json said = text == null ? json("--payload", payload) : Json.encode(new Content(text));
    NewEvent event = NewEvent.of(type == null ? "content" : type, said);
    event = agent == null ? event : event.withAgent(agent);
    event = actor == null ? event : event.withActor(actor);
    event = source == null ? event : event.withSource(source);
    event = metadata == null ? event : event.withMetadata(json("--metadata", metadata));
    event = refs == null ? event : event.withRefs(json("--refs", refs));
    event = idempotencyKey == null ? event : event.withIdempotencyKey(idempotencyKey);
    return producerId == null ? event : event.withProducer(producerId, producerSeq);
  }

  private void checkInput() {
    boolean hasFields =
        agent != null
            || actor != null
            || type != null
            || metadata != null
            || refs != null
            || source != null
            || idempotencyKey != null
            || expectedSeq != null;
    if (hasFields || shell().inIsTerminal()) {
      throw CommandException.usage(
          hasFields
              ? "an event needs --text or --payload; without both, events come from standard input"
                  + " and have their fields there"
              : "give --text or --payload, or events on standard input");
    }
    if (producerId != null) {
      NewEvent.of("any", Json.parse("{}"))
          .withProducer(producerId, producerSeq == null ? 1 : producerSeq);
    }
  }

  @Override
  void run(Backend backend) {
    Session session = backend.get(id);
    if (isOneEvent()) {
      run(backend, session, RequestSource.of(request), result -> print(result), false);
      return;
    }
    Progress progress = new Progress(shell(), "events");
    InputLines lines = new InputLines(shell().in(), producerId, producerSeq);
    try {
      run(
          backend,
          session,
          new RequestSource(lines::next, lines::isReady),
          result -> count(result, progress),
          true);
    } catch (CommandException | SessionLogException e) {
      progress.end(events);
      throw lines.located(e, events);
    }
    progress.end(events);
    if (!each) {
      shell()
          .out()
          .line(
              "events=%d last_seq=%d deduped=%d"
                  .formatted(events, last == null ? session.lastSeq() : last.lastSeq(), deduped));
    }
  }

  private void run(
      Backend backend,
      Session session,
      RequestSource requests,
      Consumer<AppendResult> results,
      boolean isStream) {
    AppendRun run = new AppendRun(backend, id, requests, results, shell()::note);
    run.sendNumbered();
    if (requests.peek() != null) {
      Producers producers = Producers.of(shell(), backend.name(), id, session.incarnation());
      run.sendAll(producers, isStream ? "stream" : "event", isStream);
    }
  }

  private void count(AppendResult result, Progress progress) {
    events++;
    deduped += result.deduped() ? 1 : 0;
    last = result;
    progress.at(events);
    if (each) {
      print(result);
      shell().out().flush(); // who reads this knows at once that it is stored
    }
  }

  private void print(AppendResult result) {
    shell()
        .out()
        .line(
            "seq=%d last_seq=%d deduped=%b"
                .formatted(result.seq(), result.lastSeq(), result.deduped()));
  }
}
