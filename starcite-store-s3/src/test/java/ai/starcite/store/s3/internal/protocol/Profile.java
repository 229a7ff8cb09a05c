package ai.starcite.store.s3.internal.protocol;

import java.util.List;

/** What a trial is about: who takes part in it, in what weather, with how many sessions. */
enum Profile {
  /** Appends, readers, and much compaction. */
  LOG(new Cast().appending(3, 0).reading(2).updating(1).maintaining(2)),
  /** Updates against compactions, for the next generation. */
  HEAD(new Cast().appending(1, 0).updating(3).maintaining(2)),
  /** Seals. */
  SEAL(new Cast().appending(3, 10).reading(1).updating(1).maintaining(2)),
  /** Deletions and creations. */
  LIFE(new Cast().appending(2, 1).reading(1).updating(1).deleting(2).creating(2).maintaining(2)),
  /** Nothing but these. */
  LIVES(new Cast().deleting(2).creating(3).maintaining(2)),
  /** Few, so that each has a long way. */
  MINI(new Cast().appending(2, 0).reading(1).maintaining(1)),
  /** A bit of all, where others leave things about. */
  LITTER(
      new Cast()
          .appending(2, 3)
          .reading(1)
          .updating(1)
          .deleting(1)
          .creating(1)
          .maintaining(2)
          .littering(1)),
  /** Several sessions, and whoever lists them. */
  LIST(new Cast().appending(2, 3).updating(3).deleting(2).creating(3).listing(2).maintaining(2)),
  /** Who reclaims without having compacted, so that old things are about. */
  RECLAIM(new Cast().appending(1, 0).updating(2).maintaining(1).reclaiming(2)),
  /** Writers of one place, of whom each may come late to it. */
  RIVALS(new Cast().appending(4, 0).maintaining(1).reclaiming(1));

  private final Cast cast;

  Profile(Cast cast) {
    this.cast = cast;
  }

  Cast cast() {
    return cast;
  }

  /** The sessions that it is about, whose keys are close to each other. */
  List<String> sessions() {
    return this == LIST ? List.of("s", "s/", "S") : List.of("s");
  }

  /** Whether the sessions are there from the beginning. */
  boolean isGiven() {
    return this != LIFE && this != LIVES && this != LITTER && this != LIST;
  }

  /** How many times as much goes wrong, at the least. */
  int roughness() {
    return this == RIVALS ? 4 : 1;
  }
}
