package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient;
import java.time.Duration;

/** Makes the parts of the protocol, and connects them. */
public class ProtocolFactory {

  /** Makes a protocol over an object store. */
  public final Protocol create(ObjectClient objects, S3Settings settings, Environment environment) {
    Duration grace = settings.grace();
    Requests requests = requests(objects, settings, environment);
    Tokens tokens = new Tokens(environment.random());
    SnapshotReader snapshots = snapshots(requests, grace);
    KnownSessions sessions =
        new KnownSessions(snapshots, tombstones(requests, tokens), settings.cacheBytes());
    Judge judge = judge(sessions, settings);
    Generations generations = generations(requests, sessions, judge);
    Finisher finisher = finisher(sessions, generations, tokens, settings);
    HeadFinder headFinder = new HeadFinder(requests, sessions, judge, finisher);
    Chunks chunks = chunks(requests, sessions, settings);
    Checkpoints checkpoints = new Checkpoints(requests, tokens);
    SegmentPuts puts = segmentPuts(requests, judge, chunks);
    Compactor compactor =
        compactor(
            requests, sessions, headFinder, generations, chunks, checkpoints, tokens, settings);
    return new Protocol(
        requests,
        creator(requests, snapshots, sessions, grace),
        appender(sessions, headFinder, puts, finisher),
        reader(requests, sessions, judge, headFinder, finisher, chunks, checkpoints),
        updater(sessions, generations, tokens, settings),
        new Deleter(requests, sessions, headFinder, puts, finisher, tokens),
        new Lister(requests, snapshots),
        new Maintenance(
            requests, sessions, compactor, reclaimer(requests, sessions, grace), settings));
  }

  Requests requests(ObjectClient objects, S3Settings settings, Environment environment) {
    return new Requests(objects, settings.retry(), environment);
  }

  SnapshotReader snapshots(Requests requests, Duration grace) {
    return new SnapshotReader(requests, grace);
  }

  Tombstones tombstones(Requests requests, Tokens tokens) {
    return new Tombstones(requests, tokens);
  }

  Judge judge(KnownSessions sessions, S3Settings settings) {
    return new Judge(sessions, settings);
  }

  Generations generations(Requests requests, KnownSessions sessions, Judge judge) {
    return new Generations(requests, sessions, judge);
  }

  Finisher finisher(
      KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
    return new Finisher(sessions, generations, tokens, settings);
  }

  Chunks chunks(Requests requests, KnownSessions sessions, S3Settings settings) {
    return new Chunks(requests, sessions, settings.cacheBytes());
  }

  SegmentPuts segmentPuts(Requests requests, Judge judge, Chunks chunks) {
    return new SegmentPuts(requests, judge, chunks);
  }

  Compactor compactor(
      Requests requests,
      KnownSessions sessions,
      HeadFinder headFinder,
      Generations generations,
      Chunks chunks,
      Checkpoints checkpoints,
      Tokens tokens,
      S3Settings settings) {
    return new Compactor(
        requests, sessions, headFinder, generations, chunks, checkpoints, tokens, settings);
  }

  Creator creator(
      Requests requests, SnapshotReader snapshots, KnownSessions sessions, Duration grace) {
    return new Creator(requests, snapshots, sessions, grace);
  }

  Appender appender(
      KnownSessions sessions, HeadFinder headFinder, SegmentPuts puts, Finisher finisher) {
    return new Appender(sessions, headFinder, puts, finisher);
  }

  Reader reader(
      Requests requests,
      KnownSessions sessions,
      Judge judge,
      HeadFinder headFinder,
      Finisher finisher,
      Chunks chunks,
      Checkpoints checkpoints) {
    return new Reader(requests, sessions, judge, headFinder, finisher, chunks, checkpoints);
  }

  Updater updater(
      KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
    return new Updater(sessions, generations, tokens, settings);
  }

  Reclaimer reclaimer(Requests requests, KnownSessions sessions, Duration grace) {
    return new Reclaimer(requests, sessions, grace);
  }
}
