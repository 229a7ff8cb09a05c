package ai.starcite.testkit.model;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionUpdate;
import ai.starcite.testkit.model.SessionView.Meaning;
import ai.starcite.testkit.model.SessionView.Times;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One life of a session as the contract tells it. */
final class SessionModel {
  private final String id;
  private final int life;
  private final AppendModel events;
  private Optional<String> title;
  private Map<String, Json> metadata;
  private long version = 1;
  private boolean archived;
  private boolean deleted;

  SessionModel(String id, int life, NewSession session, int maxProducers) {
    this.id = id;
    this.life = life;
    this.events = new AppendModel(maxProducers);
    this.title = session.title();
    this.metadata = session.metadata().members();
  }

  int life() {
    return life;
  }

  AppendModel events() {
    return events;
  }

  long version() {
    return version;
  }

  boolean isDeleted() {
    return deleted;
  }

  void delete() {
    deleted = true;
  }

  void update(SessionUpdate update) {
    title = update.title().or(() -> title).filter(text -> !text.isEmpty());
    Map<String, Json> merged = new LinkedHashMap<>(metadata);
    update
        .metadata()
        .ifPresent(
            changes ->
                changes
                    .members()
                    .forEach(
                        (key, value) -> {
                          if (value.toString().equals("null")) {
                            merged.remove(key);
                          } else {
                            merged.put(key, value);
                          }
                        }));
    metadata = merged;
    version++;
  }

  void archive(boolean newArchived) {
    if (archived != newArchived) {
      archived = newArchived;
      version++;
    }
  }

  /** Appends a batch without a pair that is there twice, or throws what the log must throw. */
  List<AppendResult> append(List<NewEvent> batch, AppendOptions options) {
    boolean before = events.isSealed();
    List<AppendResult> results = events.append(batch, options);
    if (events.isSealed() != before) {
      version++;
    }
    return results;
  }

  void seal() {
    if (!events.isSealed()) {
      events.seal();
      version++;
    }
  }

  boolean isArchived() {
    return archived;
  }

  boolean has(Map<String, Json> wanted) {
    return wanted.entrySet().stream()
        .allMatch(
            each ->
                metadata.containsKey(each.getKey())
                    && metadata.get(each.getKey()).sameValue(each.getValue()));
  }

  SessionView view() {
    return new SessionView(
        id,
        title,
        new Meaning(Json.encode(metadata)),
        version,
        archived,
        events.isSealed(),
        life,
        OptionalLong.of(events.lastSeq()),
        Times.RIGHT);
  }

  /** All events after a seq. */
  List<EventView> after(long cursor) {
    List<NewEvent> all = events.events();
    return java.util.stream.LongStream.rangeClosed(cursor + 1, all.size())
        .mapToObj(seq -> new EventView(seq, all.get((int) seq - 1), Times.RIGHT))
        .toList();
  }
}
