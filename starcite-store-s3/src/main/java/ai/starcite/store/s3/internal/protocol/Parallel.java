package ai.starcite.store.s3.internal.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Sends many requests at once, up to a limit. */
final class Parallel {
  /** The most requests of one operation that are under way at once. */
  static final int MOST = 64;

  private Parallel() {}

  /** Returns the results in the order of the values; fails with the first failure. */
  static <T, R> CompletableFuture<List<R>> map(
      List<T> values, Function<T, CompletableFuture<R>> request) {
    List<R> results = new ArrayList<>();
    int[] begun = {0};
    return Loop.until(
        () -> {
          if (begun[0] == values.size()) {
            return Loop.done(results);
          }
          int end = Math.min(values.size(), begun[0] + MOST);
          List<CompletableFuture<R>> some =
              values.subList(begun[0], end).stream().map(request).toList();
          begun[0] = end;
          return CompletableFuture.allOf(some.toArray(CompletableFuture[]::new))
              .thenApply(
                  all -> {
                    some.forEach(each -> results.add(each.join()));
                    return Optional.<List<R>>empty();
                  });
        });
  }
}
