package ai.starcite.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.internal.segment.ContentHash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is remembered of producers, and how much memory that takes. */
class ProducerTableTest {
  private final ProducerTable table = new ProducerTable();
  private long nextSeq = 1;

  private void add(String producer, long number) {
    table.add(producer, number, nextSeq, hash(producer, number));
    nextSeq++;
  }

  private static ContentHash hash(String producer, long number) {
    return new ContentHash(producer.hashCode() * 31L + number, ~number);
  }

  private ProducerTable savedAndRead() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      table.write(new DataOutputStream(bytes));
      return ProducerTable.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("APP-4: a producer's first number may be any, and its last one is known")
  void firstAndLast() {
    add("a", 5);
    add("b", 1);
    add("a", 6);

    assertThat(table.size()).isEqualTo(2);
    assertThat(table.get("c")).isNull();
    ProducerState a = table.get("a");
    assertThat(a.first()).isEqualTo(5);
    assertThat(a.last()).isEqualTo(6);
    assertThat(a.lastSeq()).isEqualTo(3);
    assertThat(a.remembers(4)).isFalse();
    assertThat(a.remembers(7)).isFalse();
  }

  @Test
  @DisplayName("APP-4: the pairs that are remembered are the most recent ones, and right")
  void remembersTheMostRecent() {
    for (long number = 1; number <= 10_000; number++) {
      add("a", number);
      add("b", number + 1_000_000_000_000L);
      if (number > 9_000 || number < 100) {
        assertRemembered("a", number, Math.min(number, 64));
      }
    }
    ProducerState a = table.get("a");
    assertThat(a.remembers(1)).isFalse();
    for (long number = 1; number <= 10_000; number++) {
      SeqRange range = a.seqRange(number);
      assertThat(range.from()).isBetween(2 * number - 32, 2 * number - 1);
      assertThat(range.to()).isBetween(2 * number - 1, 2 * number + 32);
    }
    assertThat(a.kept()).isEqualTo(1_024);
  }

  private void assertRemembered(String producer, long last, long howMany) {
    ProducerState state = table.get(producer);
    assertThat(state.last()).isEqualTo(last);
    for (long number = last - howMany + 1; number <= last; number++) {
      assertThat(state.remembers(number)).isTrue();
      assertThat(state.seq(number)).isEqualTo(2 * number - 1);
      assertThat(state.hash(number)).isEqualTo(hash(producer, number));
    }
  }

  @Test
  @DisplayName("APP-4: many producers share the room, so that memory is bounded by their number")
  void boundedByProducers() {
    int producers = 10_000;
    for (int round = 1; round <= 100; round++) {
      for (int i = 0; i < producers; i++) {
        add("p" + i, round);
      }
    }
    assertThat(table.size()).isEqualTo(producers);
    assertThat(table.weight()).isLessThan(16L << 20);
    for (int i = 0; i < producers; i += 997) {
      ProducerState state = table.get("p" + i);
      assertThat(state.last()).isEqualTo(100);
      assertThat(state.kept()).isBetween(4, 1_024);
      assertThat(state.remembers(97)).isTrue();
    }
  }

  @Test
  @DisplayName("APP-4: one producer that writes forever takes no more memory")
  void boundedByTime() {
    for (long number = 1; number <= 5_000; number++) {
      add("a", number);
    }
    long weight = table.weight();
    for (long number = 5_001; number <= 50_000; number++) {
      add("a", number);
    }
    assertThat(table.weight()).isEqualTo(weight).isLessThan(64 << 10);
  }

  @Test
  @DisplayName("APP-4: of any number it is known about where its event is, restored or not")
  void samples() {
    for (long number = 1; number <= 100_000; number++) {
      add("a", number);
      // Others write more and more in between.
      nextSeq += number % 97 == 0 ? number / 1_000 : 0;
      if (number == 60_000) {
        assertSamples(table.get("a"), 60_000);
        assertSamples(savedAndRead().get("a"), 60_000);
      }
    }
    assertSamples(table.get("a"), 100_000);
    assertSamples(savedAndRead().get("a"), 100_000);
  }

  private static void assertSamples(ProducerState state, long last) {
    long seq = 1;
    for (long number = 1; number <= last; number++) {
      SeqRange range = state.seqRange(number);
      assertThat(seq).isBetween(range.from(), range.to());
      assertThat(range.to() - range.from()).isLessThan(500);
      seq += 1 + (number % 97 == 0 ? number / 1_000 : 0);
    }
  }

  @Test
  @DisplayName("APP-4: what is saved is read, the most recent pairs of each producer")
  void savedAndReadBack() {
    for (long number = 1; number <= 200; number++) {
      add("long", number + 41);
      if (number <= 3) {
        add("short", number);
      }
    }
    ProducerTable read = savedAndRead();

    assertThat(read.size()).isEqualTo(2);
    for (String producer : new String[] {"long", "short"}) {
      ProducerState original = table.get(producer);
      ProducerState restored = read.get(producer);
      assertThat(restored.first()).isEqualTo(original.first());
      assertThat(restored.firstSeq()).isEqualTo(original.firstSeq());
      assertThat(restored.last()).isEqualTo(original.last());
      assertThat(restored.lastSeq()).isEqualTo(original.lastSeq());
      for (long number = restored.last() - restored.kept() + 1;
          number <= restored.last();
          number++) {
        assertThat(restored.seq(number)).isEqualTo(original.seq(number));
        assertThat(restored.hash(number)).isEqualTo(original.hash(number));
      }
    }
    assertThat(read.get("short").kept()).isEqualTo(3);
    assertThat(read.get("long").kept()).isEqualTo(32);
    read.add("long", 242, 999, new ContentHash(7, 8));
    assertThat(read.get("long").seq(242)).isEqualTo(999);
    assertThat(read.get("long").remembers(241)).isTrue();
  }
}
