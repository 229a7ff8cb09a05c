package ai.starcite.examples.cli.append;

import ai.starcite.SessionLogException;
import ai.starcite.examples.cli.console.CommandException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What is to be appended, in order, taken in chunks. */
public final class RequestSource {
  private static final long CHUNK_BYTES = 4 << 20;

  private final Supplier<Request> more;
  private final BooleanSupplier isReady;
  private final Deque<Request> ahead = new ArrayDeque<>();
  private final Set<String> producers = new HashSet<>();
  private RuntimeException failure;
  private boolean ended;

  /**
   * A source.
   *
   * @param more gives the next request, or null at the end; waits for it
   * @param isReady whether that would not have to wait
   */
  public RequestSource(Supplier<Request> more, BooleanSupplier isReady) {
    this.more = more;
    this.isReady = isReady;
  }

  public static RequestSource of(Request only) {
    RequestSource source = new RequestSource(() -> null, () -> true);
    source.ahead.add(only);
    return source;
  }

  /** The next one, which stays; null at the end. */
  public Request peek() {
    if (ahead.isEmpty()) {
      if (failure != null) {
        throw failure;
      }
      Request next = ended ? null : more.get();
      if (next == null) {
        ended = true;
        return null;
      }
      ahead.add(next);
    }
    return ahead.peek();
  }

  /** Puts back what was taken and not sent. */
  void giveBack(List<Request> requests) {
    for (int i = requests.size() - 1; i >= 0; i--) {
      ahead.push(requests.get(i));
    }
  }

  /**
   * Takes the next ones: waits for the first, and takes what else is there without waiting, as far
   * as it is wanted. The first event of a producer goes alone, since its number may be any: were
   * the one after it to arrive first, that would be the first.
   */
  public List<Request> take(int most, Predicate<Request> wanted) {
    List<Request> chunk = new ArrayList<>();
    long bytes = 0;
    while (chunk.size() < most && bytes < CHUNK_BYTES && (chunk.isEmpty() || hasMore())) {
      Request next = peekBehind(chunk);
      if (next == null || !wanted.test(next)) {
        break;
      }
      boolean isFirst =
          next.event().producerId().isPresent()
              && !producers.contains(next.event().producerId().get());
      if (isFirst && !chunk.isEmpty()) {
        break;
      }
      chunk.add(ahead.remove());
      bytes += next.event().size();
      if (isFirst) {
        producers.add(next.event().producerId().get());
        break;
      }
    }
    return chunk;
  }

  /** What was taken before the input turned out to be bad is sent first. */
  private Request peekBehind(List<Request> chunk) {
    try {
      return peek();
    } catch (CommandException | SessionLogException e) {
      if (chunk.isEmpty()) {
        throw e;
      }
      failure = e;
      return null;
    }
  }

  private boolean hasMore() {
    return !ahead.isEmpty() || isReady.getAsBoolean();
  }
}
