package ai.starcite.store.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Who takes part in a trial. */
enum Profile {
  /** Appends, readers, and much compaction. */
  LOG(3, 0, 2, 1, 0, 0, 2, 0),
  /** Updates against compactions, for the next generation. */
  HEAD(1, 0, 0, 3, 0, 0, 2, 0),
  /** Seals. */
  SEAL(3, 10, 1, 1, 0, 0, 2, 0),
  /** Deletions and creations. */
  LIFE(2, 1, 1, 1, 2, 2, 2, 0),
  /** Nothing but these. */
  LIVES(0, 0, 0, 0, 2, 3, 2, 0),
  /** Few, so that each has a long way. */
  MINI(2, 0, 1, 0, 0, 0, 1, 0),
  /** A bit of all, where others leave things about. */
  LITTER(2, 3, 1, 1, 1, 1, 2, 1);

  private final int appending;
  private final int seals;
  private final int reading;
  private final int updating;
  private final int deleting;
  private final int creating;
  private final int maintaining;
  private final int littering;

  /** How many of each kind there are; so many of a hundred appends seal. */
  Profile(
      int appending,
      int seals,
      int reading,
      int updating,
      int deleting,
      int creating,
      int maintaining,
      int littering) {
    this.appending = appending;
    this.seals = seals;
    this.reading = reading;
    this.updating = updating;
    this.deleting = deleting;
    this.creating = creating;
    this.maintaining = maintaining;
    this.littering = littering;
  }

  /** Whether the session is there from the beginning. */
  boolean isGiven() {
    return creating == 0;
  }

  /** Brings the actors, each on one of the hosts. */
  List<Actor> cast(Trial trial, Supplier<Host> hosts) {
    List<Actor> cast = new ArrayList<>();
    for (int i = 0; i < appending; i++) {
      cast.add(new AppendingActor(trial, hosts.get(), "append" + i, 12, seals));
    }
    for (int i = 0; i < reading; i++) {
      cast.add(new ReadingActor(trial, hosts.get(), "read" + i, 15));
    }
    for (int i = 0; i < updating; i++) {
      cast.add(new UpdatingActor(trial, hosts.get(), "update" + i, 8));
    }
    for (int i = 0; i < deleting; i++) {
      cast.add(new DeletingActor(trial, hosts.get(), "delete" + i, 10));
    }
    for (int i = 0; i < creating; i++) {
      cast.add(new CreatingActor(trial, hosts.get(), "create" + i, 10));
    }
    for (int i = 0; i < maintaining; i++) {
      cast.add(new MaintainingActor(trial, hosts.get(), "maintain" + i, 8));
    }
    for (int i = 0; i < littering; i++) {
      cast.add(new LitteringActor(trial, hosts.get(), "litter" + i, 60));
    }
    return cast;
  }
}
