package ai.starcite.examples.cli.backend;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import java.util.Locale;

/** What an error that a gateway answers is to a command. */
final class Refusal {

  /** The shape of an error on the wire. */
  private record Body(
      String error,
      String message,
      Long currentSeq,
      Long currentVersion,
      Long expectedProducerSeq,
      Long earliestAvailableCursor) {}

  private Refusal() {}

  static RuntimeException of(String url, int status, byte[] json, boolean writes) {
    Body body = read(json);
    if (status == 401 || status == 403) {
      return new CommandException(
          ExitCode.UNAUTHORIZED,
          url
              + " refuses this ("
              + (body == null ? status : body.message())
              + "): give a token that allows it with --token or STARCITE_TOKEN");
    }
    if (body == null || body.error() == null) {
      // A proxy in between, perhaps: it does not say whether the gateway has seen the request.
      return status >= 500
          ? new SessionLogException(
              writes ? Code.OUTCOME_UNKNOWN : Code.STORE_UNAVAILABLE,
              url + " answers with status " + status)
          : new CommandException(
              ExitCode.FAILED,
              url + " answers as no gateway of Starcite does (status " + status + "); check --url");
    }
    Code code = code(status, body.error());
    if (code == null) {
      return new CommandException(
          ExitCode.FAILED, "the gateway says " + body.error() + ": " + body.message());
    }
    String message =
        code == Code.STORE_UNAVAILABLE || code == Code.CORRUPT
            ? "the gateway says " + body.error() + ": " + body.message()
            : body.message();
    SessionLogException failure = new SessionLogException(code, String.valueOf(message));
    failure = body.currentSeq() == null ? failure : failure.withCurrentSeq(body.currentSeq());
    failure =
        body.currentVersion() == null ? failure : failure.withCurrentVersion(body.currentVersion());
    failure =
        body.expectedProducerSeq() == null
            ? failure
            : failure.withExpectedProducerSeq(body.expectedProducerSeq());
    return body.earliestAvailableCursor() == null
        ? failure
        : failure.withEarliestCursor(body.earliestAvailableCursor());
  }

  private static Body read(byte[] json) {
    try {
      return Json.parse(json).as(Body.class);
    } catch (SessionLogException e) {
      return null;
    }
  }

  /** The code of an error, or null if it is none of the library's. */
  private static Code code(int status, String error) {
    return switch (error) {
      case "expected_version_conflict" -> Code.VERSION_CONFLICT;
      case "event_too_large", "unsupported_media_type" -> Code.INVALID;
      case "shutting_down" -> Code.STORE_UNAVAILABLE;
      case "internal" -> null;
      default -> {
        if (error.startsWith("invalid_")) {
          yield Code.INVALID;
        }
        try {
          yield Code.valueOf(error.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
          yield status == 503 ? Code.STORE_UNAVAILABLE : null;
        }
      }
    };
  }
}
