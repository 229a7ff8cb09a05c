package ai.starcite.store.s3.internal.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The actors of a trial, and how many of each kind. */
final class Cast {
  private final List<Role> roles = new ArrayList<>();

  private interface Role {
    Actor play(Trial trial, Host host, String name);
  }

  private Cast with(int count, Role role) {
    for (int i = 0; i < count; i++) {
      roles.add(role);
    }
    return this;
  }

  /** Adds actors that append; this percentage of the appends seals. */
  Cast appending(int count, int sealsOf100) {
    return with(
        count, (trial, host, name) -> new AppendingActor(trial, host, name, 12, sealsOf100));
  }

  Cast reading(int count) {
    return with(count, (trial, host, name) -> new ReadingActor(trial, host, name, 15));
  }

  Cast updating(int count) {
    return with(count, (trial, host, name) -> new UpdatingActor(trial, host, name, 8));
  }

  Cast deleting(int count) {
    return with(count, (trial, host, name) -> new DeletingActor(trial, host, name, 10));
  }

  Cast creating(int count) {
    return with(count, (trial, host, name) -> new CreatingActor(trial, host, name, 10));
  }

  Cast listing(int count) {
    return with(count, (trial, host, name) -> new ListingActor(trial, host, name, 12));
  }

  /** Adds actors that compact and reclaim. */
  Cast maintaining(int count) {
    return with(count, (trial, host, name) -> new MaintainingActor(trial, host, name, 8));
  }

  /** Adds actors that reclaim without compacting before. */
  Cast reclaiming(int count) {
    return with(count, (trial, host, name) -> new ReclaimingActor(trial, host, name, 10));
  }

  Cast littering(int count) {
    return with(count, (trial, host, name) -> new LitteringActor(trial, host, name, 60));
  }

  /** Makes the actors, each on one of the hosts. */
  List<Actor> play(Trial trial, Supplier<Host> hosts) {
    List<Actor> actors = new ArrayList<>();
    for (Role role : roles) {
      actors.add(role.play(trial, hosts.get(), "actor" + actors.size()));
    }
    return actors;
  }
}
