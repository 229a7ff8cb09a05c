package ai.starcite.examples.cli.text;

import ai.starcite.Session;
import ai.starcite.SessionPage;
import ai.starcite.examples.cli.console.Printable;

/** Sessions as people read them. */
public final class SessionText {
  private SessionText() {}

  public static String line(SessionPage.Row session) {
    String flags = (session.archived() ? " archived" : "") + (session.sealed() ? " sealed" : "");
    return Printable.line(
        "%s  %s%s%s"
            .formatted(
                session.id(),
                session.createdAt(),
                flags,
                session.title().map(title -> "  " + title).orElse("")));
  }

  public static String block(Session session) {
    StringBuilder text = new StringBuilder();
    field(text, "id", session.id());
    session.title().ifPresent(title -> field(text, "title", title));
    field(text, "metadata", session.metadata());
    field(text, "created_at", session.createdAt());
    field(text, "updated_at", session.updatedAt());
    field(text, "version", session.version());
    field(text, "archived", session.archived());
    field(text, "sealed", session.sealed());
    field(text, "last_seq", session.lastSeq());
    return text.toString().stripTrailing();
  }

  private static void field(StringBuilder text, String name, Object value) {
    text.append("%-11s ".formatted(name + ":"))
        .append(Printable.block(value.toString()))
        .append('\n');
  }
}
