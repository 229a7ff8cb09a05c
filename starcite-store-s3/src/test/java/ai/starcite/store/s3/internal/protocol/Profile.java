package ai.starcite.store.s3.internal.protocol;

import java.util.List;

/** The kind of a trial: its actors, its faults, and how many sessions it has. */
enum Profile {
  /** Appends, readers, and much compaction. */
  LOG(new Cast().appending(3, 0).reading(2).updating(1).maintaining(2)),
  /** Updates and compactions that compete for the next generation. */
  HEAD(new Cast().appending(1, 0).updating(3).maintaining(2)),
  /** Seals. */
  SEAL(new Cast().appending(3, 10).reading(1).updating(1).maintaining(2)),
  /** Deletions and creations. */
  LIFE(new Cast().appending(2, 1).reading(1).updating(1).deleting(2).creating(2).maintaining(2)),
  /** Only deletions and creations. */
  LIVES(new Cast().deleting(2).creating(3).maintaining(2)),
  /** Few actors, so that each gets far. */
  MINI(new Cast().appending(2, 0).reading(1).maintaining(1)),
  /** Some of everything, with foreign objects. */
  LITTER(
      new Cast()
          .appending(2, 3)
          .reading(1)
          .updating(1)
          .deleting(1)
          .creating(1)
          .maintaining(2)
          .littering(1)),
  /** Several sessions, and actors that list them. */
  LIST(new Cast().appending(2, 3).updating(3).deleting(2).creating(3).listing(2).maintaining(2)),
  /** Actors that reclaim without having compacted, so that old objects remain. */
  RECLAIM(new Cast().appending(1, 0).updating(2).maintaining(1).reclaiming(2)),
  /** Writers of one place, each of which may be late. */
  RIVALS(new Cast().appending(4, 0).maintaining(1).reclaiming(1));

  private final Cast cast;

  Profile(Cast cast) {
    this.cast = cast;
  }

  Cast cast() {
    return cast;
  }

  /** Returns the sessions of the trial, whose keys are close to each other. */
  List<String> sessions() {
    return this == LIST ? List.of("s", "s/", "S") : List.of("s");
  }

  /** Returns whether the sessions exist from the beginning. */
  boolean isGiven() {
    return this != LIFE && this != LIVES && this != LITTER && this != LIST;
  }

  /** Returns the least factor by which faults are more frequent. */
  int roughness() {
    return this == RIVALS ? 4 : 1;
  }
}
