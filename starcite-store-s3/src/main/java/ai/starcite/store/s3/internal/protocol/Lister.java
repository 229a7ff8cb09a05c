package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lists sessions in the order of their names in keys. Each costs its share of a listing, and a read
 * of its newest generation. Thread-safe.
 */
final class Lister {
  private final Requests requests;
  private final SnapshotReader snapshots;

  Lister(Requests requests, SnapshotReader snapshots) {
    this.requests = requests;
    this.snapshots = snapshots;
  }

  CompletableFuture<RecordPage> list(ListRequest request) {
    Visit visit = new Visit(request);
    return Loop.until(visit::step);
  }

  /**
   * A session that may exist.
   *
   * @param name its name in keys
   * @param life the number of its highest life
   * @param date the date of the listing, or null
   */
  private record Candidate(String name, long life, @Nullable Instant date) {}

  /** A record that was read, or was deleted, or cannot be read. */
  private record Found(Optional<SessionRecord> record, Optional<SessionLogException> damage) {}

  private final class Visit {
    private static final int PAGE = 1_000;

    private final ListRequest request;
    private final String prefix;
    private String after;

    /** The page size: most ids have one life, so that one page usually suffices. */
    private int keys;

    Visit(ListRequest request) {
      this.request = request;
      this.prefix = Keys.LIVES + Keys.namePrefix(request.prefix());
      this.keys = Math.min(PAGE, request.limit() + 1);
      this.after = request.after().map(id -> Keys.after(Keys.name(id))).orElse("");
    }

    /**
     * Collects candidates until there are enough to fill the page and know whether it is the last.
     */
    CompletableFuture<Optional<RecordPage>> step() {
      List<Candidate> candidates = new ArrayList<>();
      return Loop.<Boolean>until(() -> collect(candidates)).thenCompose(more -> page(candidates));
    }

    private CompletableFuture<Optional<Boolean>> collect(List<Candidate> candidates) {
      return requests
          .list(prefix, after, keys)
          .thenApply(
              listed -> {
                keys = PAGE;
                for (Listing each : listed.objects()) {
                  String name = Keys.nameIn(each.key());
                  if (after.equals(Keys.after(name))) {
                    continue;
                  }
                  if (candidates.size() > request.limit()) {
                    return Optional.of(true);
                  }
                  after = Keys.after(name);
                  if (Keys.lifeIn(each.key()) % 2 == 1) {
                    candidates.add(new Candidate(name, Keys.lifeIn(each.key()), listed.began()));
                  }
                }
                return listed.more() && candidates.size() <= request.limit()
                    ? Optional.empty()
                    : Optional.of(listed.more());
              });
    }

    private CompletableFuture<Optional<RecordPage>> page(List<Candidate> candidates) {
      boolean more = candidates.size() > request.limit();
      List<Candidate> looked = more ? candidates.subList(0, request.limit()) : candidates;
      return Parallel.map(looked, this::read)
          .thenApply(
              found -> {
                List<SessionRecord> records = new ArrayList<>();
                for (Found each : found) {
                  if (each.damage.isPresent()) {
                    if (records.isEmpty()) {
                      throw each.damage.get();
                    }
                    return Optional.of(ended(records));
                  }
                  each.record.ifPresent(records::add);
                }
                if (!more) {
                  return Optional.of(new RecordPage(List.copyOf(records), Optional.empty()));
                }
                if (records.isEmpty()) {
                  // All were deleted, or have other ids: continue after them.
                  after = Keys.after(looked.get(looked.size() - 1).name());
                  return Optional.empty();
                }
                return Optional.of(ended(records));
              });
    }

    private RecordPage ended(List<SessionRecord> records) {
      String last = records.get(records.size() - 1).key().id();
      return new RecordPage(List.copyOf(records), Optional.of(last));
    }

    private CompletableFuture<Found> read(Candidate candidate) {
      return snapshots
          .current(candidate.name(), candidate.life(), candidate.date())
          .thenApply(
              manifest ->
                  new Found(
                      manifest
                          .filter(current -> !current.deleted())
                          .map(Manifest::record)
                          .filter(record -> record.key().id().startsWith(request.prefix())),
                      Optional.empty()))
          .exceptionallyCompose(
              failure ->
                  Requests.cause(failure) instanceof SessionLogException known
                          && known.code() == Code.CORRUPT
                      ? Requests.done(new Found(Optional.empty(), Optional.of(known)))
                      : CompletableFuture.failedFuture(Requests.cause(failure)));
    }
  }
}
