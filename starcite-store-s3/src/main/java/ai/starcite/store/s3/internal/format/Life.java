package ai.starcite.store.s3.internal.format;

import ai.starcite.spi.SessionRecord;
import java.util.Optional;
import java.util.UUID;

/**
 * One life of a session id, as it is stored: a session as it was created, or a tombstone.
 *
 * @param token the token of the writer
 * @param record the record as it was created; empty for a tombstone
 */
public record Life(UUID token, Optional<SessionRecord> record) {

  public static Life of(SessionRecord created) {
    return new Life(created.token(), Optional.of(created));
  }

  public static Life tombstone(UUID token) {
    return new Life(token, Optional.empty());
  }

  public byte[] toBytes() {
    return Frame.write(
        Frame.Kind.LIFE,
        out -> {
          Frame.writeToken(out, token);
          Frame.writeBytes(out, record.map(SessionRecord::toBytes).orElseGet(() -> new byte[0]));
        });
  }

  public static Life fromBytes(byte[] bytes) {
    return Frame.read(
        Frame.Kind.LIFE,
        bytes,
        in -> {
          UUID token = Frame.readToken(in);
          byte[] record = Frame.readBytes(in);
          return new Life(
              token,
              record.length == 0 ? Optional.empty() : Optional.of(SessionRecord.fromBytes(record)));
        });
  }
}
