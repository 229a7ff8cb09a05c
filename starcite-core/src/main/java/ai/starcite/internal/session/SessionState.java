package ai.starcite.internal.session;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.Checksum;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * What a session's durable events amount to: a fold over them, which a checkpoint saves. Not
 * thread-safe; guarded by the session's writer.
 */
public final class SessionState {
  private static final int CHECKPOINT_FORMAT = 2;
  private static final UUID NO_TOKEN = new UUID(0, 0);

  private long nextSeq = 1;
  private long lastTime;
  private UUID lastToken = NO_TOKEN;
  private boolean sealed;
  private ProducerTable producers = new ProducerTable();

  /** The seq of the next event. */
  public long nextSeq() {
    return nextSeq;
  }

  /** The time of the last event, in microseconds. */
  public long lastTime() {
    return lastTime;
  }

  /** The token of the last segment. */
  public UUID lastToken() {
    return lastToken;
  }

  /** Whether the session takes no more events. */
  public boolean sealed() {
    return sealed;
  }

  /** The session's producers. */
  public ProducerTable producers() {
    return producers;
  }

  /** About how many bytes this takes. */
  public long weight() {
    return 512 + producers.weight();
  }

  /** Moves past events whose producers were added one by one. */
  public void advance(long toSeq, long time, UUID token, boolean seals) {
    nextSeq = toSeq;
    lastTime = time;
    lastToken = token;
    sealed |= seals;
  }

  /** Takes the events of a page that this state does not cover yet. */
  public void apply(Page page) {
    if (page.firstSeq() == nextSeq && !page.previousToken().equals(lastToken)) {
      throw new SessionLogException(
          Code.CORRUPT,
          "the segment at seq " + nextSeq + " does not follow the one before; restore a backup");
    }
    for (long seq = nextSeq; seq < page.nextSeq(); seq++) {
      Event event = page.event(seq);
      if (event.producerId().isPresent()) {
        producers.add(
            event.producerId().get(), event.producerSeq().getAsLong(), seq, page.contentHash(seq));
      }
    }
    advance(page.nextSeq(), page.lastTime(), page.lastToken(), page.seals());
  }

  /** Saves this state. */
  public StateCheckpoint checkpoint(SessionKey key) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(CHECKPOINT_FORMAT);
      out.writeUTF(key.incarnation());
      out.writeLong(nextSeq);
      out.writeLong(lastTime);
      out.writeLong(lastToken.getMostSignificantBits());
      out.writeLong(lastToken.getLeastSignificantBits());
      out.writeBoolean(sealed);
      producers.write(out);
      out.writeInt(Checksum.crc32c(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StateCheckpoint(nextSeq, bytes.toByteArray());
  }

  /** Restores a state, or gives none if it is damaged, foreign, or of a newer format. */
  public static Optional<SessionState> restore(SessionKey key, StateCheckpoint checkpoint) {
    byte[] bytes = checkpoint.bytes();
    int body = bytes.length - Integer.BYTES;
    if (body < 1 || ByteBuffer.wrap(bytes).getInt(body) != Checksum.crc32c(bytes, 0, body)) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, body))) {
      if (in.readUnsignedByte() != CHECKPOINT_FORMAT || !in.readUTF().equals(key.incarnation())) {
        return Optional.empty();
      }
      SessionState state = new SessionState();
      state.nextSeq = in.readLong();
      state.lastTime = in.readLong();
      state.lastToken = new UUID(in.readLong(), in.readLong());
      state.sealed = in.readBoolean();
      state.producers = ProducerTable.read(in);
      return Optional.of(state);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
