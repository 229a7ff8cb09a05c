package ai.starcite.examples.cli.append;

import ai.starcite.AppendResult;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.backend.Failures;
import ai.starcite.examples.cli.console.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends several appends at once and keeps their order. Over a network a later one may arrive first;
 * it is refused then, since its number or its expected seq is not due yet, and sent again when the
 * one before it is stored.
 */
public final class Pipeline {
  private final Backend backend;
  private final String sessionId;

  public Pipeline(Backend backend, String sessionId) {
    this.backend = backend;
    this.sessionId = sessionId;
  }

  /**
   * How a chunk ended: the results from the first append on, as far as they succeeded, and why the
   * next one failed, if one did.
   */
  public record Outcome(List<AppendResult> results, RuntimeException failure) {
    boolean failedWith(Code code) {
      return failure instanceof SessionLogException e && e.code() == code;
    }

    /** Whether it would fail again, and what failed is not stored. */
    boolean isFinal() {
      return failure instanceof SessionLogException e && !e.isRetryable();
    }

    /** Whether it is certain that what failed is not stored. */
    boolean isDefinite() {
      return failure instanceof SessionLogException e && e.isDefinite();
    }
  }

  /** Returns when all of them are answered. */
  public Outcome send(List<Request> chunk) {
    List<CompletableFuture<AppendResult>> answers = new ArrayList<>(chunk.size());
    CompletableFuture<AppendResult> before = null;
    for (Request request : chunk) {
      CompletableFuture<AppendResult> answer = send(request);
      if (before != null) {
        answer = inTurn(request, answer, before);
      }
      answers.add(answer);
      before = answer;
    }
    List<AppendResult> results = new ArrayList<>(chunk.size());
    RuntimeException failure = null;
    for (CompletableFuture<AppendResult> answer : answers) {
      try {
        AppendResult result = Failures.await(answer);
        if (failure == null) {
          results.add(result);
        }
      } catch (SessionLogException | CommandException e) {
        failure = failure == null ? e : failure;
      }
    }
    return new Outcome(results, failure);
  }

  private CompletableFuture<AppendResult> send(Request request) {
    try {
      return backend.append(sessionId, request.event(), request.options());
    } catch (SessionLogException e) {
      return CompletableFuture.failedFuture(e); // its arguments are wrong
    }
  }

  private CompletableFuture<AppendResult> inTurn(
      Request request,
      CompletableFuture<AppendResult> answer,
      CompletableFuture<AppendResult> before) {
    return answer
        .handle(
            (result, failure) ->
                failure != null && isEarly(Failures.unwrapped(failure))
                    ? before.thenCompose(stored -> send(request))
                    : answer)
        .thenCompose(last -> last);
  }

  private static boolean isEarly(Throwable failure) {
    return failure instanceof SessionLogException e
        && (e.code() == Code.PRODUCER_SEQ_CONFLICT || e.code() == Code.EXPECTED_SEQ_CONFLICT);
  }
}
