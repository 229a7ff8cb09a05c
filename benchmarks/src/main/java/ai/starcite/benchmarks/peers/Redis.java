package ai.starcite.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Redis over loopback, which appends every command to a file and syncs it before it answers. A
 * session is a stream and a hash of the producers' numbers; a script keeps the two together.
 */
public final class Redis implements Contender {
  /** Its name in tables and charts. */
  public static final String NAME = "Redis";

  private static final int ATTEMPTS = 600;
  private static final String APPEND =
      """
      if redis.call('HSETNX', KEYS[2], ARGV[1], 1) == 0 then
        return redis.error_reply('known already')
      end
      return redis.call('XADD', KEYS[1], '*', 'p', ARGV[1], 'e', ARGV[2])
      """;

  private final LocalServer server;
  private final Process process;
  private final int port;

  private Redis(LocalServer server, Process process, int port) {
    this.server = server;
    this.process = process;
    this.port = port;
  }

  /** Starts a server, if Redis is installed. */
  public static Optional<Contender> start(Path directory) throws Exception {
    Optional<Path> program = LocalServer.find("redis-server");
    if (program.isEmpty()) {
      return Optional.empty();
    }
    LocalServer server = new LocalServer(directory.resolve("redis"), "redis");
    int port = LocalServer.freePort();
    Process process =
        server.start(
            program.get().toString(),
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            server.directory().toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--auto-aof-rewrite-percentage",
            "0",
            "--save",
            "");
    Redis contender = new Redis(server, process, port);
    contender.awaitStart();
    return Optional.of(contender);
  }

  /** What the server says of its version, if it is installed. */
  public static Optional<String> version() throws IOException {
    return LocalServer.version("redis-server");
  }

  private void awaitStart() throws Exception {
    JedisConnectionException last = null;
    for (int i = 0; i < ATTEMPTS && process.isAlive(); i++) {
      try (Jedis jedis = new Jedis("127.0.0.1", port)) {
        jedis.ping();
        return;
      } catch (JedisConnectionException e) {
        last = e;
        Thread.sleep(50);
      }
    }
    close();
    throw new IOException("Redis does not start", last);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int writers() {
    return 4;
  }

  @Override
  public Store open(Path directory) {
    String script;
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      jedis.flushAll();
      script = jedis.scriptLoad(APPEND);
    }
    return new Store() {
      @Override
      public Writer writer() {
        return new RedisWriter(new Jedis("127.0.0.1", port), script);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() throws Exception {
    server.stop(process);
  }

  private record RedisWriter(Jedis jedis, String script) implements Writer {
    @Override
    public void append(Entry entry) {
      jedis.evalsha(script, keys(entry), arguments(entry));
    }

    @Override
    public void appendAll(List<Entry> entries) {
      try (Pipeline pipeline = jedis.pipelined()) {
        for (Entry entry : entries) {
          pipeline.evalsha(script, keys(entry), arguments(entry));
        }
        for (Object answer : pipeline.syncAndReturnAll()) {
          if (answer instanceof RuntimeException failure) {
            throw failure;
          }
        }
      }
    }

    private static List<String> keys(Entry entry) {
      return List.of("events:" + entry.session(), "producers:" + entry.session());
    }

    private static List<String> arguments(Entry entry) {
      return List.of(entry.producer() + ":" + entry.producerSeq(), entry.payload().text());
    }

    @Override
    public void close() {
      jedis.close();
    }
  }
}
