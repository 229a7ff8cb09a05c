package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectClient.Listed;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.testkit.contract.StoreData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client of an S3 server")
class AwsObjectClientTest {
  /** How far the clocks of this machine and of the server may be apart. */
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  private final ObjectClient client =
      TestBucket.current().builder("t" + UUID.randomUUID()).connect();

  @AfterEach
  void removeObjects() {
    boolean more = true;
    while (more) {
      Listed page = StoreData.await(client.list("", "", 1000));
      StoreData.await(client.delete(page.objects().stream().map(Listing::key).toList()));
      more = page.more();
    }
    client.close();
  }

  private boolean put(String key, String content) {
    return StoreData.await(client.putIfAbsent(key, content.getBytes())).stored();
  }

  private String get(String key) {
    byte[] bytes = StoreData.await(client.get(key)).bytes();
    return bytes == null ? null : new String(bytes);
  }

  @Test
  @DisplayName("stores an object if its key is free, and no other after it")
  void putIfAbsent_once() {
    assertThat(put("a", "first")).isTrue();
    assertThat(put("a", "second")).isFalse();
    assertThat(put("a", "first")).isFalse();
    assertThat(get("a")).isEqualTo("first");
  }

  @Test
  @DisplayName("stores one of many that race")
  void putIfAbsent_raced() {
    for (int race = 0; race < 20; race++) {
      String key = "race/" + race;
      List<CompletableFuture<ObjectClient.Put>> puts =
          IntStream.range(0, 16)
              .mapToObj(
                  racer ->
                      client
                          .putIfAbsent(key, String.valueOf(racer).getBytes())
                          .toCompletableFuture())
              .toList();
      List<Integer> winners = new ArrayList<>();
      for (int racer = 0; racer < puts.size(); racer++) {
        if (StoreData.await(puts.get(racer)).stored()) {
          winners.add(racer);
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(get(key)).isEqualTo(String.valueOf(winners.get(0)));
    }
  }

  @Test
  @DisplayName("reads what was stored, to the byte, and knows what is not there")
  void get_stored() {
    byte[] large = new byte[9 << 20];
    new Random(1).nextBytes(large);
    for (byte[] bytes : List.of(new byte[0], new byte[] {1}, Arrays.copyOf(large, 70_000), large)) {
      String key = "bytes/" + bytes.length;
      assertThat(StoreData.await(client.putIfAbsent(key, bytes)).stored()).isTrue();
      assertThat(StoreData.await(client.get(key)).bytes()).isEqualTo(bytes);
    }
    assertThat(get("bytes/none")).isNull();
  }

  @Test
  @DisplayName("tells the server's time with every answer")
  void everyAnswer_hasDate() {
    List<Instant> dates = new ArrayList<>();
    dates.add(StoreData.await(client.putIfAbsent("a", new byte[1])).date());
    dates.add(StoreData.await(client.putIfAbsent("a", new byte[1])).date());
    dates.add(StoreData.await(client.get("a")).date());
    dates.add(StoreData.await(client.get("b")).date());
    Listed page = StoreData.await(client.list("", "", 10));
    dates.add(page.date());
    dates.add(page.objects().get(0).lastModified());
    assertThat(dates)
        .allSatisfy(
            date -> assertThat(Duration.between(date, Instant.now()).abs()).isLessThan(CLOCKS));
  }

  @Test
  @DisplayName("lists keys in the order of their bytes, from any key on, a page at a time")
  void list_pages() {
    List<String> keys =
        List.of(
            "d/%2F/x",
            "d/%E9~h/x", "d/00/1", "d/00/10", "d/00/2", "d/A/1", "d/_/1", "d/a-b/1", "d/a/1");
    List.of("d/a/1", "d/00/10", "d/_/1", "d/A/1", "d/a-b/1", "d/%E9~h/x", "d/00/2", "d/%2F/x")
        .forEach(key -> put(key, key));
    put("d/00/1", "");
    put("e", "e");
    assertThat(listAll("d/", "", 1000)).isEqualTo(keys);
    assertThat(listAll("d/", "", 2)).isEqualTo(keys);
    assertThat(listAll("d/", "", 1)).isEqualTo(keys);
    assertThat(listAll("d/", "d/00/1", 3)).isEqualTo(keys.subList(3, keys.size()));
    assertThat(listAll("d/", "d/00/~", 1000)).isEqualTo(keys.subList(5, keys.size()));
    assertThat(listAll("d/00/", "", 1)).containsExactly("d/00/1", "d/00/10", "d/00/2");
    assertThat(listAll("f/", "", 1)).isEmpty();
    Listed first = StoreData.await(client.list("d/00/", "", 1));
    assertThat(first.objects()).extracting(Listing::key).containsExactly("d/00/1");
    assertThat(first.objects()).extracting(Listing::size).containsExactly(0L);
    assertThat(first.more()).isTrue();
  }

  private List<String> listAll(String prefix, String after, int limit) {
    List<String> keys = new ArrayList<>();
    boolean more = true;
    while (more) {
      String last = keys.isEmpty() ? after : keys.get(keys.size() - 1);
      Listed page = StoreData.await(client.list(prefix, last, limit));
      assertThat(page.objects()).hasSizeLessThanOrEqualTo(limit);
      page.objects().forEach(each -> keys.add(each.key()));
      more = page.more();
    }
    return keys;
  }

  @Test
  @DisplayName("deletes many objects, also such as are not there")
  void delete_many() {
    List<String> keys = IntStream.range(0, 50).mapToObj(number -> "d/" + number).toList();
    keys.stream().filter(key -> !key.endsWith("7")).forEach(key -> put(key, key));
    put("kept", "kept");
    StoreData.await(client.delete(keys));
    StoreData.await(client.delete(keys));
    StoreData.await(client.delete(List.of()));
    assertThat(listAll("", "", 1000)).containsExactly("kept");
    assertThat(put("d/1", "again")).isTrue();
  }

  @Test
  @DisplayName("goes on with an answer on threads of its own")
  void answers_onOwnThreads() {
    CompletableFuture<String> thread =
        client.get("a").thenApply(got -> Thread.currentThread().getName()).toCompletableFuture();
    assertThat(StoreData.await(thread))
        .satisfiesAnyOf(
            name -> assertThat(name).startsWith("starcite-s3-answers"),
            // The answer was there already.
            name -> assertThat(name).isEqualTo(Thread.currentThread().getName()));
  }

  @Test
  @DisplayName("closed, has left no thread, and refuses requests")
  void close_ends() {
    OwnThreads threads = new OwnThreads();
    ObjectClient closed = TestBucket.current().builder("t" + UUID.randomUUID()).connect();
    StoreData.await(closed.get("a"));
    assertThat(threads.running()).isNotEmpty();
    CompletableFuture<?> underWay = closed.get("b").toCompletableFuture();
    closed.close();
    closed.close();
    assertThat(underWay).isDone();
    threads.assertEnd();
    assertThatThrownBy(() -> StoreData.await(closed.get("a")))
        .isInstanceOf(ObjectException.class)
        .hasMessageContaining("closed");
  }
}
