package ai.starcite.store.s3.internal.opening;

import ai.starcite.store.s3.internal.client.BucketPlace;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectClient.Got;
import ai.starcite.store.s3.internal.client.ObjectClient.Put;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Checks a place before a store is opened there, and marks it as used. Blocks. */
public final class Opening {
  /** What S3 accepts in signatures. */
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(15);

  private final ObjectClient objects;
  private final OpeningRequests requests;
  private final BucketPlace place;
  private final FormatMarker marker;

  public Opening(ObjectClient objects, OpeningRequests requests, Duration grace) {
    this.objects = objects;
    this.requests = requests;
    this.place = requests.place();
    this.marker = FormatMarker.of(grace);
  }

  /**
   * Checks the place, and fails if a store must not be opened there.
   *
   * @param probe whether to test how the server decides races
   */
  public void run(boolean probe) {
    Got found = requests.ask(() -> objects.get(FormatMarker.KEY));
    Instant now = requireRightClock(found.date());
    if (found.bytes() != null) {
      marker.requireSame(found.bytes(), place);
    }
    if (probe) {
      new PutIfAbsentProbe(objects, requests).run(now);
    }
    if (found.bytes() == null) {
      mark();
    }
  }

  private Instant requireRightClock(@Nullable Instant date) {
    if (date == null) {
      throw OpeningFailures.noDate(place);
    }
    Duration ahead = Duration.between(date, Instant.now());
    if (ahead.abs().compareTo(MAX_CLOCK_DIFFERENCE) > 0) {
      throw OpeningFailures.clockOff(ahead, place);
    }
    return date;
  }

  private void mark() {
    Put put = requests.ask(() -> objects.putIfAbsent(FormatMarker.KEY, marker.bytes()));
    if (!put.stored()) {
      // Another process was first, or an earlier attempt of this one.
      Got found = requests.ask(() -> objects.get(FormatMarker.KEY));
      if (found.bytes() != null) {
        marker.requireSame(found.bytes(), place);
      }
    }
  }
}
