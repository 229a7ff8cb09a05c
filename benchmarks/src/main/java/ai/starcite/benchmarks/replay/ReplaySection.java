package ai.starcite.benchmarks.replay;

import ai.starcite.benchmarks.Environment;
import ai.starcite.benchmarks.Section;
import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Rounds;
import java.nio.file.Path;
import java.util.List;

/** One large session: read from its start, from the middle, and after a restart. */
public final class ReplaySection implements Section {
  @Override
  public String name() {
    return "replay";
  }

  @Override
  public void run(Environment environment, Figures figures) throws Exception {
    int events = environment.scale().replayedEvents();
    int warmUps = environment.scale().warmUps();
    int rounds = environment.scale().rounds();
    Path log = Directories.empty(environment.directory(), "log");
    System.out.printf("a session of %,d events%n", events);
    try (RecordedLog recording = RecordedLog.open(log, events);
        BareIteration bare =
            new BareIteration(Directories.empty(environment.directory(), "bare"), events);
        SqliteSelect sqlite =
            new SqliteSelect(Directories.empty(environment.directory(), "sqlite"), events)) {
      Recording.append(recording.log(), events);
      Recording.converse(recording.log(), events);
      System.out.println("replayed, and resumed at random cursors");
      Rounds.run(
          warmUps,
          rounds,
          List.of(
              Replay.all(recording),
              bare,
              sqlite,
              new RawRead(recording),
              Replay.ofOneAgent(recording),
              Replay.conversation(recording),
              new Resume(recording),
              new OldRetries(recording).prepare()),
          figures);
    }
    System.out.println("opened");
    Rounds.run(warmUps, rounds, List.of(new ColdOpen(log, events)), figures);
  }
}
