package ai.starcite.testkit.model;

import ai.starcite.CreateResult;
import ai.starcite.NewSession;
import ai.starcite.ProducerPosition;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import java.util.List;
import java.util.Optional;

/** Calls that create, read, change and delete a session. */
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
  record CreateIfAbsent(NewSession session) implements Step {
    @Override
    public String clause(Outcome expected) {
      return "SES-1";
    }

    @Override
    public Object call(LiveLog live) {
      CreateResult result = live.log().createIfAbsent(session);
      return List.of(result.isNew() ? "new" : "known", live.view(result.session()));
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      String id = session.id().orElseThrow();
      SessionModel known = model.sessions().get(id);
      return known == null
          ? List.of("new", model.create(id, session).view())
          : List.of("known", known.view());
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "log.createIfAbsent(%s);".formatted(JavaCode.session(session));
    }
  }

  /** Reads a session. */
  record Get(String id, String clause) implements Step {
    @Override
    public String clause(Outcome expected) {
      return clause;
    }

    @Override
    public Object call(LiveLog live) {
      return live.view(live.log().get(id));
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      return model.get(id).view();
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "log.get(%s);".formatted(live.code(id));
    }
  }

  /** Changes title and metadata. */
  record Update(String id, SessionUpdate update) implements Step {
    @Override
    public String clause(Outcome expected) {
      return "SES-4";
    }

    @Override
    public Object call(LiveLog live) {
      return live.view(live.log().update(id, update));
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      SessionModel session = model.get(id);
      if (update.expectedVersion().orElse(session.version()) != session.version()) {
        throw new SessionLogException(Code.VERSION_CONFLICT, "")
            .withCurrentVersion(session.version());
      }
      session.update(update);
      return session.view();
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "log.update(%s, %s);".formatted(live.code(id), JavaCode.update(update));
    }
  }

  /** Archives a session, or shows it again. */
  record Archive(String id, boolean archived) implements Step {
    @Override
    public String clause(Outcome expected) {
      return "SES-5";
    }

    @Override
    public Object call(LiveLog live) {
      return live.view(archived ? live.log().archive(id) : live.log().unarchive(id));
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      SessionModel session = model.get(id);
      session.archive(archived);
      return session.view();
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "log.%s(%s);".formatted(archived ? "archive" : "unarchive", live.code(id));
    }
  }

  /** Seals a session. */
  record Seal(String id) implements Step {
    @Override
    public String clause(Outcome expected) {
      return "SES-8";
    }

    @Override
    public Object call(LiveLog live) {
      return live.view(live.log().seal(id));
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      SessionModel session = model.get(id);
      session.seal();
      return session.view();
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "log.seal(%s);".formatted(live.code(id));
    }
  }

  /** Deletes a session. */
  record Delete(String id) implements Step {
    @Override
    public String clause(Outcome expected) {
      return "SES-7";
    }

    @Override
    public Object call(LiveLog live) {
      live.log().delete(id);
      return DONE;
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      model.delete(id);
      return DONE;
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "log.delete(%s);".formatted(live.code(id));
    }
  }

  /** Asks how far a producer has come. */
  record Position(String id, String producerId) implements Step {
    @Override
    public String clause(Outcome expected) {
      return "APP-10";
    }

    @Override
    public Object call(LiveLog live) {
      return live.log().producerPosition(id, producerId);
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      AppendModel events = model.get(id).events();
      long last = events.last(producerId);
      return last == 0
          ? Optional.empty()
          : Optional.of(new ProducerPosition(last, events.lastSeq(producerId)));
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "log.producerPosition(%s, %s);".formatted(live.code(id), JavaCode.string(producerId));
    }
  }
}
