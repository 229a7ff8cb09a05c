package ai.starcite.store.s3;

import java.time.Duration;

/** What a store is made of. */
record Parts(
    Requests requests,
    Creator creator,
    Appender appender,
    Reader reader,
    Updater updater,
    Deleter deleter,
    Lister lister,
    Maintenance maintenance) {

  static Parts of(
      ObjectClient objects, S3Settings settings, Rules rules, Surroundings surroundings) {
    Duration grace = settings.grace();
    Requests requests = new Requests(objects, settings.retry(), surroundings);
    Tokens tokens = new Tokens(surroundings.random());
    Readings readings = new Readings(requests, rules, grace);
    Tracks tracks =
        new Tracks(readings, new Tombstones(requests, tokens, rules), settings.cacheBytes());
    Judge judge = new Judge(tracks, rules, settings);
    Generations generations = new Generations(requests, tracks, judge, rules);
    Endings endings = new Endings(tracks, generations, tokens, settings, rules);
    Walker walker = new Walker(requests, tracks, judge, endings);
    Chunks chunks = new Chunks(requests, tracks, rules, settings.cacheBytes());
    Checkpoints checkpoints = new Checkpoints(requests, tokens);
    SegmentPuts puts = new SegmentPuts(requests, judge, chunks, rules);
    Compactor compactor =
        new Compactor(
            requests, tracks, walker, generations, chunks, checkpoints, tokens, settings, rules);
    return new Parts(
        requests,
        new Creator(requests, readings, tracks, rules, grace),
        new Appender(tracks, walker, puts, endings, rules),
        new Reader(requests, tracks, judge, walker, endings, chunks, checkpoints, rules),
        new Updater(tracks, generations, tokens, settings, rules),
        new Deleter(requests, tracks, walker, puts, endings, tokens),
        new Lister(requests, readings),
        new Maintenance(
            requests, tracks, compactor, new Reclaimer(requests, tracks, rules, grace), settings));
  }
}
