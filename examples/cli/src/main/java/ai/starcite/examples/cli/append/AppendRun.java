package ai.starcite.examples.cli.append;

import ai.starcite.AppendResult;
import ai.starcite.SessionLogException.Code;
import ai.starcite.examples.cli.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One run of {@code append}: sends what a source has, in chunks. Events that name no producer get
 * one of the command's own, whose state is on disk before they are sent. So a run that was killed
 * between sending and hearing of it is made good by the next one: what may be stored or not is sent
 * again with the same numbers; and if the next run begins with the same event, it is taken for the
 * same run, and its events get the numbers that they had.
 */
public final class AppendRun {
  private final Backend backend;
  private final Pipeline pipeline;
  private final RequestSource source;
  private final Consumer<AppendResult> results;
  private final Consumer<String> notes;
  private boolean renewed;

  public AppendRun(
      Backend backend,
      String sessionId,
      RequestSource source,
      Consumer<AppendResult> results,
      Consumer<String> notes) {
    this.backend = backend;
    this.pipeline = new Pipeline(backend, sessionId);
    this.source = source;
    this.results = results;
    this.notes = notes;
  }

  /** Sends events that have producers; stops before the first one that has none. */
  public void sendNumbered() {
    while (true) {
      List<Request> chunk = source.take(backend.maxInFlight(), AppendRun::isNumbered);
      if (chunk.isEmpty()) {
        return;
      }
      Pipeline.Outcome outcome = pipeline.send(chunk);
      outcome.results().forEach(results);
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
    }
  }

  private static boolean isNumbered(Request request) {
    return request.event().producerId().isPresent();
  }

  /**
   * Sends all events, with a producer of the command's own.
   *
   * @param kind tells where the events come from: the same event from elsewhere is another run
   * @param resumable whether a run that fails is gone on with, once its input is mended
   */
  public void sendAll(Producers producers, String kind, boolean resumable) {
    Request first = source.peek();
    if (first == null) {
      return;
    }
    String fingerprint = kind + ":" + first.fingerprint();
    try (ProducerFile file = producers.lock(unfinished -> continues(unfinished, fingerprint))) {
      if (file.state().run() != null) {
        replay(file);
      } else {
        file.note(file.state().begun(new ProducerState.Run(fingerprint, file.state().nextSeq())));
      }
      while (sendChunk(file, fingerprint, resumable)) {
        // until the source is empty
      }
      file.note(file.state().ended());
    }
  }

  private boolean continues(ProducerFile unfinished, String fingerprint) {
    ProducerState.Run run = unfinished.state().run();
    boolean same = run != null && run.fingerprint().equals(fingerprint);
    int pending = unfinished.state().pending().size();
    Pipeline.Outcome outcome = settle(unfinished);
    if (!same) {
      if (outcome.failure() != null) {
        notes.accept(
            "%d events that an earlier run left under way are not stored: %s"
                .formatted(pending - outcome.results().size(), outcome.failure().getMessage()));
      } else if (pending > 0) {
        notes.accept(
            "settled what an earlier run left under way (" + pending + " events) before this one");
      }
      unfinished.note(unfinished.state().ended());
    }
    return same;
  }

  /**
   * Finds out what became of the events that an earlier run had under way: they are stored, or
   * never will be. Where that cannot be found out now, it fails, and the next run tries again.
   */
  private Pipeline.Outcome settle(ProducerFile file) {
    ProducerState state = file.state();
    Pipeline.Outcome outcome = pipeline.send(state.pending());
    if (outcome.failure() == null) {
      file.note(state.settled(state.nextSeq()));
    } else if (outcome.isFinal()) {
      file.note(state.settled(firstFree(state, state.pending(), outcome.results().size())));
    } else {
      throw outcome.failure();
    }
    return outcome;
  }

  /** The number of the first own event that failed. */
  private static long firstFree(ProducerState state, List<Request> sent, int stored) {
    return sent.stream()
        .skip(stored)
        .filter(request -> state.producerId().equals(request.event().producerId().orElse(null)))
        .mapToLong(request -> request.event().producerSeq().getAsLong())
        .findFirst()
        .orElse(state.nextSeq());
  }

  /** Sends the events that were sent before, with the numbers that they had. */
  private void replay(ProducerFile file) {
    ProducerState state = file.state();
    long number = state.run().firstSeq();
    while (number < state.nextSeq()) {
      int most = (int) Math.min(backend.maxInFlight(), state.nextSeq() - number);
      List<Request> chunk = source.take(most, request -> true);
      if (chunk.isEmpty()) {
        return;
      }
      List<Request> numbered = numbered(chunk, state.producerId(), number);
      Pipeline.Outcome outcome = pipeline.send(numbered);
      outcome.results().forEach(results);
      if (outcome.failure() != null) {
        int stored = outcome.results().size();
        if (!isNumbered(chunk.get(stored)) && isOutOfStep(outcome)) {
          // From here on it is not the same input any more.
          source.giveBack(chunk.subList(stored, chunk.size()));
          return;
        }
        throw outcome.failure();
      }
      number += chunk.stream().filter(request -> !isNumbered(request)).count();
    }
  }

  private static boolean isOutOfStep(Pipeline.Outcome outcome) {
    return outcome.failedWith(Code.PRODUCER_REPLAY_CONFLICT)
        || outcome.failedWith(Code.PRODUCER_SEQ_CONFLICT);
  }

  private boolean sendChunk(ProducerFile file, String fingerprint, boolean resumable) {
    ProducerState state = file.state();
    // The first event of a producer goes alone, as in RequestSource.
    List<Request> chunk =
        source.take(state.nextSeq() == 1 ? 1 : backend.maxInFlight(), request -> true);
    if (chunk.isEmpty()) {
      return false;
    }
    List<Request> numbered = numbered(chunk, state.producerId(), state.nextSeq());
    long own = chunk.stream().filter(request -> !isNumbered(request)).count();
    file.save(state.sending(numbered, state.nextSeq() + own));
    Pipeline.Outcome outcome = pipeline.send(numbered);
    outcome.results().forEach(results);
    if (outcome.failure() == null) {
      return true;
    }
    if (!outcome.isDefinite()) {
      throw outcome.failure();
    }
    int stored = outcome.results().size();
    if (!isNumbered(chunk.get(stored)) && isOutOfStep(outcome) && !renewed) {
      // The log is not the one that the state on disk is from, or one of them is an older copy.
      renewed = true;
      ProducerState fresh = ProducerState.fresh(state.incarnation());
      file.save(fresh.begun(new ProducerState.Run(fingerprint, fresh.nextSeq())));
      source.giveBack(chunk.subList(stored, chunk.size()));
      return true;
    }
    ProducerState settled = file.state().settled(firstFree(file.state(), numbered, stored));
    file.note(resumable ? settled : settled.ended());
    throw outcome.failure();
  }

  private static List<Request> numbered(List<Request> chunk, String producerId, long from) {
    List<Request> numbered = new ArrayList<>(chunk.size());
    long next = from;
    for (Request request : chunk) {
      numbered.add(
          isNumbered(request)
              ? request
              : new Request(
                  request.event().withProducer(producerId, next++), request.expectedSeq()));
    }
    return numbered;
  }
}
