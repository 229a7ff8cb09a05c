package ai.starcite.examples.gateway.tails;

import ai.starcite.Event;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A tail as server-sent events. It writes without blocking: a slow client takes no thread. */
final class EventStreamTail extends TailFeed {
  private static final int BATCH = 256;

  private final ServletOutputStream out;
  private final Runnable subscribe;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private boolean subscribed;
  private boolean unflushed = true;
  private boolean finishing;

  /**
   * A tail that begins when its listener is given to the output.
   *
   * @param subscribe subscribes this to the tail
   */
  EventStreamTail(ServletOutputStream out, Runnable subscribe) {
    super(BATCH);
    this.out = out;
    this.subscribe = subscribe;
  }

  /** Completes when the response is over. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** What the server calls when the client has taken what was written. */
  WriteListener writeListener() {
    return new WriteListener() {
      @Override
      public void onWritePossible() {
        written();
      }

      @Override
      public void onError(Throwable gone) {
        end();
      }
    };
  }

  private void written() {
    if (!flushed()) {
      return;
    }
    if (!subscribed) {
      subscribed = true;
      subscribe.run();
    } else if (finishing) {
      end();
    } else {
      sent();
    }
  }

  @Override
  boolean send(List<Event> events) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    for (Event event : events) {
      id(event.seq(), frame);
      data(event.toJson().bytes(), frame);
      frame.write('\n');
    }
    return write(frame.toByteArray());
  }

  /** Says how far the tail has scanned, so that a client that resumes need not scan it again. */
  void keepAlive() {
    long cursor = takeTurn();
    if (cursor >= 0 && write(empty(cursor))) {
      sent();
    }
  }

  @Override
  void finish(@Nullable Throwable cause) {
    // A browser comes back, with the last id that it has heard of. At the end it is told so then.
    finishing = true;
    if (cause != null || write(empty(cursor()))) {
      end();
    }
  }

  void end() {
    close();
    synchronized (out) {
      done.complete(null);
    }
  }

  private static byte[] empty(long cursor) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    id(cursor, frame);
    frame.write('\n');
    return frame.toByteArray();
  }

  private static void id(long seq, ByteArrayOutputStream frame) {
    frame.writeBytes(("id: " + seq + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** A payload may have line breaks between its tokens, where a line of data has to end. */
  private static void data(byte[] json, ByteArrayOutputStream frame) {
    int start = 0;
    for (int i = 0; i <= json.length; i++) {
      if (i == json.length || json[i] == '\n' || json[i] == '\r') {
        frame.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        frame.write(json, start, i - start);
        frame.write('\n');
        start = i + 1;
      }
    }
  }

  /** Whether all is on its way; if not, {@link #onWritePossible} comes. */
  private boolean write(byte[] frame) {
    try {
      synchronized (out) {
        if (done.isDone()) {
          return false;
        }
        out.write(frame);
        unflushed = true;
      }
      return flushed();
    } catch (IOException | IllegalStateException e) {
      end();
      return false;
    }
  }

  private boolean flushed() {
    try {
      synchronized (out) {
        while (!done.isDone() && out.isReady()) {
          if (!unflushed) {
            return true;
          }
          unflushed = false;
          out.flush();
        }
        return false;
      }
    } catch (IOException | IllegalStateException e) {
      end();
      return false;
    }
  }
}
