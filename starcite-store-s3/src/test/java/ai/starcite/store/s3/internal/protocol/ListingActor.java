package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.ListRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Lists all sessions, page by page, and checks what each page shows and omits. */
final class ListingActor extends Actor {
  private static final String[] PREFIXES = {"", "", "s", "s/", "S"};

  ListingActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {}

  @Override
  CompletionStage<?> turn() {
    String prefix = PREFIXES[random.nextInt(PREFIXES.length)];
    return page(prefix, Optional.empty(), 1 + random.nextInt(3));
  }

  private CompletionStage<Boolean> page(String prefix, Optional<String> after, int limit) {
    ListRequest request = new ListRequest(prefix, after, limit);
    Truths.Moment before = trial.truths().moment();
    return call(store -> store.list(request))
        .thenCompose(
            page -> {
              trial.truths().checkListed(before, request, page);
              return page.next().isEmpty() ? now(true) : page(prefix, page.next(), limit);
            });
  }
}
