package ai.starcite.examples.cli.append;

import ai.starcite.AppendOptions;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.examples.cli.text.EventLines;
import ai.starcite.examples.cli.text.Splice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;

/** An append to be sent: an event, and the last seq that it demands, if it does. */
public record Request(NewEvent event, OptionalLong expectedSeq) {
  private static final String EXPECTED_SEQ = "expected_seq";

  public static Request of(NewEvent event) {
    return new Request(event, OptionalLong.empty());
  }

  AppendOptions options() {
    AppendOptions none = AppendOptions.defaults();
    return expectedSeq.isPresent() ? none.withExpectedSeq(expectedSeq.getAsLong()) : none;
  }

  /** On one line, byte for byte. */
  Json toLine() {
    Json line = EventLines.write(event);
    return expectedSeq.isPresent()
        ? Splice.add(line, EXPECTED_SEQ, Json.encode(expectedSeq.getAsLong()))
        : line;
  }

  static Request fromLine(Json line) {
    Map<String, Json> members = line.members();
    Json expected = members.get(EXPECTED_SEQ);
    return new Request(
        EventLines.read(line),
        expected == null ? OptionalLong.empty() : OptionalLong.of(expected.as(Long.class)));
  }

  /** Tells equal requests from others, without keeping them. */
  String fingerprint() {
    try {
      byte[] line = toLine().toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
