package ai.starcite.testkit.model;

import ai.starcite.CreateResult;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import java.util.List;
import java.util.Optional;

/** Calls that create, read, change and delete a session, and that end the log. */
final class SessionSteps {
  private static final String DONE = "done";

  private SessionSteps() {}

  /** Creates a session, whose id may be the log's to make. */
  static final class Create implements Step {
    private final NewSession session;
    private Optional<String> made = Optional.empty();

    Create(NewSession session) {
      this.session = session;
    }

    @Override
    public String clause(Outcome expected) {
      return "SES-1";
    }

    @Override
    public Object call(LiveLog live) {
      Session created = live.log().create(session);
      if (session.id().isEmpty()) {
        if (!created.id().matches("ses_[A-Za-z0-9_-]{16}")) {
          return "an id that breaks SES-1: " + created.id();
        }
        made = Optional.of(created.id());
        live.name(created.id());
      }
      return live.view(created);
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      return model.create(session.id().or(() -> made).orElse("a new id"), session).view();
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      String call = "log.create(%s)".formatted(JavaCode.session(session));
      return made.map(id -> "String %s = %s.id();".formatted(live.code(id), call))
          .orElse(call + ";");
    }
  }

  /** Creates a session unless it is there. */
  static Step createIfAbsent(NewSession session) {
    String id = session.id().orElseThrow();
    return Step.of(
        "SES-1",
        live -> {
          CreateResult result = live.log().createIfAbsent(session);
          return List.of(result.isNew() ? "new" : "known", live.view(result.session()));
        },
        model -> {
          SessionModel known = model.sessions().get(id);
          return known == null
              ? List.of("new", model.create(id, session).view())
              : List.of("known", known.view());
        },
        live -> "log.createIfAbsent(%s);".formatted(JavaCode.session(session)));
  }

  /** Reads a session. */
  static Step get(String id, String clause) {
    return Step.of(
        clause,
        live -> live.view(live.log().get(id)),
        model -> model.get(id).view(),
        live -> "log.get(%s);".formatted(live.code(id)));
  }

  /** Changes title and metadata. */
  static Step update(String id, SessionUpdate update) {
    return Step.of(
        "SES-4",
        live -> live.view(live.log().update(id, update)),
        model -> {
          SessionModel session = model.get(id);
          if (update.expectedVersion().orElse(session.version()) != session.version()) {
            throw new SessionLogException(Code.VERSION_CONFLICT, "")
                .withCurrentVersion(session.version());
          }
          session.update(update);
          return session.view();
        },
        live -> "log.update(%s, %s);".formatted(live.code(id), JavaCode.update(update)));
  }

  /** Archives a session, or shows it again. */
  static Step archive(String id, boolean archived) {
    return Step.of(
        "SES-5",
        live -> live.view(archived ? live.log().archive(id) : live.log().unarchive(id)),
        model -> {
          SessionModel session = model.get(id);
          session.archive(archived);
          return session.view();
        },
        live -> "log.%s(%s);".formatted(archived ? "archive" : "unarchive", live.code(id)));
  }

  /** Seals a session. */
  static Step seal(String id) {
    return Step.of(
        "SES-8",
        live -> live.view(live.log().seal(id)),
        model -> {
          SessionModel session = model.get(id);
          session.seal();
          return session.view();
        },
        live -> "log.seal(%s);".formatted(live.code(id)));
  }

  /** Deletes a session. */
  static Step delete(String id) {
    return Step.of(
        "SES-7",
        live -> {
          live.log().delete(id);
          return DONE;
        },
        model -> {
          model.delete(id);
          return DONE;
        },
        live -> "log.delete(%s);".formatted(live.code(id)));
  }

  /** Asks how far a producer has come. */
  static Step position(String id, String producerId) {
    return Step.of(
        "APP-10",
        live -> live.log().producerPosition(id, producerId),
        model -> {
          AppendModel events = model.get(id).events();
          long last = events.last(producerId);
          return last == 0
              ? Optional.empty()
              : Optional.of(new Producer.Position(last, events.lastSeq(producerId)));
        },
        live ->
            "log.producerPosition(%s, %s);".formatted(live.code(id), JavaCode.string(producerId)));
  }

  /** Ends the log and opens it again. */
  static Step restart(boolean crash) {
    return Step.of(
        "APP-1",
        live -> {
          if (crash) {
            live.crash();
          } else {
            live.reopen();
          }
          return DONE;
        },
        model -> {
          model.restart();
          return DONE;
        },
        live -> crash ? "log = crash();" : "log = reopen();");
  }
}
