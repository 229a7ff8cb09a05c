package ai.starcite.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.events.Page;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What goes into a segment comes out of it. */
class SegmentProperties {
  private static final SessionKey KEY = new SessionKey("s/\u00e9", "AAECAwQFBgcICQoLDA0ODw");

  /** An event, and how long after the one before it. */
  record Timed(NewEvent event, long delay) {}

  @Property(tries = 300)
  @Label("EVT-2: any events come back from a segment as they went in, with their seqs and times")
  void roundTrip(
      @ForAll("events") @Size(min = 1, max = 30) List<Timed> timed,
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE - 100) long firstSeq,
      @ForAll @LongRange(min = -(1L << 50), max = 1L << 55) long start,
      @ForAll boolean seals,
      @ForAll("uuids") UUID token,
      @ForAll("uuids") UUID previous) {
    SegmentWriter writer = new SegmentWriter(KEY);
    Segment segment = write(writer, timed, firstSeq, start, seals, token, previous);

    assertThat(segment.isIntact()).isTrue();
    assertThat(segment.firstSeq()).isEqualTo(firstSeq);
    assertThat(segment.count()).isEqualTo(timed.size());
    assertThat(segment.nextSeq()).isEqualTo(firstSeq + timed.size());
    assertThat(segment.token()).isEqualTo(token);
    assertThat(segment.seals()).isEqualTo(seals);
    Page page = Page.read(KEY, firstSeq, List.of(segment));
    assertThat(page.previousToken()).isEqualTo(previous);
    assertThat(page.lastToken()).isEqualTo(token);
    long time = start;
    for (int i = 0; i < timed.size(); i++) {
      NewEvent event = timed.get(i).event();
      time += timed.get(i).delay();
      long seq = firstSeq + i;
      boolean sealing = seals && i == timed.size() - 1;
      Instant insertedAt = Instant.EPOCH.plus(time, ChronoUnit.MICROS);
      assertThat(page.event(seq)).isEqualTo(Event.of(seq, insertedAt, event));
      assertThat(page.event(seq).payload().bytes()).isEqualTo(event.payload().bytes());
      assertThat(page.sealedWith(seq)).isEqualTo(sealing);
      assertThat(page.contentHash(seq)).isEqualTo(Page.contentHash(event, sealing));
    }
    assertThat(page.lastTime()).isEqualTo(time);
    assertThat(segment.time()).isEqualTo(Instant.EPOCH.plus(time, ChronoUnit.MICROS));

    Segment again = write(writer, timed, firstSeq, start, seals, token, previous);
    assertThat(again.bytes()).as("written anew by the same writer").isEqualTo(segment.bytes());
  }

  private static Segment write(
      SegmentWriter writer,
      List<Timed> timed,
      long firstSeq,
      long start,
      boolean seals,
      UUID token,
      UUID previous) {
    assertThat(writer.isEmpty()).isTrue();
    long most = SegmentWriter.SEGMENT_OVERHEAD;
    long time = start;
    for (int i = 0; i < timed.size(); i++) {
      time += timed.get(i).delay();
      writer.add(timed.get(i).event(), time, seals && i == timed.size() - 1);
      most += timed.get(i).event().size() + SegmentWriter.RECORD_OVERHEAD;
    }
    int length = writer.length();
    assertThat(writer.seals()).isEqualTo(seals);
    Segment segment = writer.finish(firstSeq, token, previous);
    assertThat((long) segment.length()).isEqualTo(length).isLessThanOrEqualTo(most);
    return segment;
  }

  @Property(tries = 200)
  @Label("TAIL-5: a filter on stored bytes lets through what it would of the events")
  void filter(
      @ForAll("events") @Size(min = 1, max = 30) List<Timed> timed,
      @ForAll("names") Set<String> actors,
      @ForAll("names") Set<String> types,
      @ForAll("names") Set<String> producers) {
    SegmentWriter writer = new SegmentWriter(KEY);
    Page page = Page.of(write(writer, timed, 1, 0, false, new UUID(1, 2), new UUID(0, 0)));
    EventFilter filter = new EventFilter(actors, types, producers);
    for (long from = 1; from <= page.nextSeq(); from++) {
      long expected = from;
      while (expected < page.nextSeq() && !passes(page.event(expected), filter)) {
        expected++;
      }
      assertThat(page.firstMatch(from, page.nextSeq(), filter)).isEqualTo(expected);
    }
  }

  private static boolean passes(Event event, EventFilter filter) {
    return passes(filter.types(), Optional.of(event.type()))
        && passes(filter.actors(), event.actor())
        && passes(filter.producers(), event.producerId());
  }

  private static boolean passes(Set<String> wanted, Optional<String> value) {
    return wanted.isEmpty() || value.filter(wanted::contains).isPresent();
  }

  // ---- What is drawn.

  @Provide
  Arbitrary<List<Timed>> events() {
    Arbitrary<Long> delays =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(0L)),
            Tuple.of(2, Arbitraries.longs().between(0, 200)),
            Tuple.of(1, Arbitraries.longs().between(0, 1L << 40)));
    return Combinators.combine(event(), delays).as(Timed::new).list();
  }

  private static Arbitrary<NewEvent> event() {
    return Combinators.combine(
            strings(),
            json(),
            strings().optional(),
            strings().optional(),
            json().optional(),
            refs().optional(),
            strings().optional(),
            Combinators.combine(strings(), Arbitraries.longs().between(1, Long.MAX_VALUE))
                .as(Map::entry)
                .optional())
        .as(
            (type, payload, actor, source, metadata, refs, key, producer) -> {
              NewEvent event = NewEvent.of(type, payload);
              event = actor.map(event::withActor).orElse(event);
              event = source.map(event::withSource).orElse(event);
              event = metadata.map(event::withMetadata).orElse(event);
              event = refs.map(event::withRefs).orElse(event);
              event = key.map(event::withIdempotencyKey).orElse(event);
              NewEvent numbered = event;
              return producer
                  .map(each -> numbered.withProducer(each.getKey(), each.getValue()))
                  .orElse(event);
            });
  }

  @Provide
  Arbitrary<Set<String>> names() {
    return Arbitraries.of("a", "message", "agent:x").set().ofMaxSize(2);
  }

  @Provide
  Arbitrary<UUID> uuids() {
    return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
  }

  /** Few of them often, so that they repeat, and any of up to 256 bytes. */
  private static Arbitrary<String> strings() {
    Arbitrary<String> any =
        Arbitraries.strings()
            .withChars('a', 'z')
            .withChars('\u0080', '\u0900')
            .withChars('\u0000', '\u001f')
            .ofMinLength(1)
            .ofMaxLength(85);
    return Arbitraries.frequencyOf(
        Tuple.of(5, Arbitraries.of("a", "message", "agent:x", "\ud83d\ude00")),
        Tuple.of(1, Arbitraries.just("x".repeat(256))),
        Tuple.of(2, any));
  }

  private static Arbitrary<Json> json() {
    return Arbitraries.oneOf(
        Arbitraries.of("{}", "{ \"b\":1.0,\n\"a\" : [ 1e400, null ] }", "{\"\\u00e9\":\"\u00e9\"}")
            .map(Json::parse),
        Arbitraries.strings()
            .ascii()
            .ofMaxLength(400)
            .map(text -> Json.encode(Map.of("text", text))));
  }

  private static Arbitrary<Json> refs() {
    return Arbitraries.of("{\"to_seq\":1}", "{ \"own\" : [] , \"step\":0 }", "{}").map(Json::parse);
  }
}
