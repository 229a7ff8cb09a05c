package ai.starcite.store.s3;

import java.time.Duration;

/** Makes the parts of the protocol, and joins them. */
class ProtocolFactory {

  /** Makes a protocol over an object store. */
  final Protocol create(ObjectClient objects, S3Settings settings, Surroundings surroundings) {
    Duration grace = settings.grace();
    Requests requests = requests(objects, settings, surroundings);
    Tokens tokens = new Tokens(surroundings.random());
    Readings readings = readings(requests, grace);
    Tracks tracks = new Tracks(readings, tombstones(requests, tokens), settings.cacheBytes());
    Judge judge = judge(tracks, settings);
    Generations generations = generations(requests, tracks, judge);
    Endings endings = endings(tracks, generations, tokens, settings);
    Walker walker = new Walker(requests, tracks, judge, endings);
    Chunks chunks = chunks(requests, tracks, settings);
    Checkpoints checkpoints = new Checkpoints(requests, tokens);
    SegmentPuts puts = segmentPuts(requests, judge, chunks);
    Compactor compactor =
        compactor(requests, tracks, walker, generations, chunks, checkpoints, tokens, settings);
    return new Protocol(
        requests,
        creator(requests, readings, tracks, grace),
        appender(tracks, walker, puts, endings),
        reader(requests, tracks, judge, walker, endings, chunks, checkpoints),
        updater(tracks, generations, tokens, settings),
        new Deleter(requests, tracks, walker, puts, endings, tokens),
        new Lister(requests, readings),
        new Maintenance(requests, tracks, compactor, reclaimer(requests, tracks, grace), settings));
  }

  Requests requests(ObjectClient objects, S3Settings settings, Surroundings surroundings) {
    return new Requests(objects, settings.retry(), surroundings);
  }

  Readings readings(Requests requests, Duration grace) {
    return new Readings(requests, grace);
  }

  Tombstones tombstones(Requests requests, Tokens tokens) {
    return new Tombstones(requests, tokens);
  }

  Judge judge(Tracks tracks, S3Settings settings) {
    return new Judge(tracks, settings);
  }

  Generations generations(Requests requests, Tracks tracks, Judge judge) {
    return new Generations(requests, tracks, judge);
  }

  Endings endings(Tracks tracks, Generations generations, Tokens tokens, S3Settings settings) {
    return new Endings(tracks, generations, tokens, settings);
  }

  Chunks chunks(Requests requests, Tracks tracks, S3Settings settings) {
    return new Chunks(requests, tracks, settings.cacheBytes());
  }

  SegmentPuts segmentPuts(Requests requests, Judge judge, Chunks chunks) {
    return new SegmentPuts(requests, judge, chunks);
  }

  Compactor compactor(
      Requests requests,
      Tracks tracks,
      Walker walker,
      Generations generations,
      Chunks chunks,
      Checkpoints checkpoints,
      Tokens tokens,
      S3Settings settings) {
    return new Compactor(
        requests, tracks, walker, generations, chunks, checkpoints, tokens, settings);
  }

  Creator creator(Requests requests, Readings readings, Tracks tracks, Duration grace) {
    return new Creator(requests, readings, tracks, grace);
  }

  Appender appender(Tracks tracks, Walker walker, SegmentPuts puts, Endings endings) {
    return new Appender(tracks, walker, puts, endings);
  }

  Reader reader(
      Requests requests,
      Tracks tracks,
      Judge judge,
      Walker walker,
      Endings endings,
      Chunks chunks,
      Checkpoints checkpoints) {
    return new Reader(requests, tracks, judge, walker, endings, chunks, checkpoints);
  }

  Updater updater(Tracks tracks, Generations generations, Tokens tokens, S3Settings settings) {
    return new Updater(tracks, generations, tokens, settings);
  }

  Reclaimer reclaimer(Requests requests, Tracks tracks, Duration grace) {
    return new Reclaimer(requests, tracks, grace);
  }
}
