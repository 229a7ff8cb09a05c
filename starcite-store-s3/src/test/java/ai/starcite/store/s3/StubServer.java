package ai.starcite.store.s3;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A server that gives the answers that a test wants and no real server gives on demand. Otherwise
 * it answers as S3 does. It writes answers byte by byte, so that they can lie about their length or
 * omit the date, which the JDK's server would not allow.
 */
final class StubServer implements AutoCloseable {
  private static final String BUCKET = "stub";

  private final ServerSocket server;
  private final Set<Closeable> connections = ConcurrentHashMap.newKeySet();
  private final StubObjects objects = new StubObjects();
  private final Queue<Function<Request, Reply>> told = new ConcurrentLinkedQueue<>();
  private final Queue<Request> received = new ConcurrentLinkedQueue<>();
  private volatile Function<Request, Reply> otherwise = this::asS3;

  /**
   * A request.
   *
   * @param target path and query, without the bucket
   * @param headers their names in lower case
   */
  record Request(String method, String target, Map<String, String> headers, byte[] body) {}

  StubServer() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "stub-server");
    thread.setDaemon(true);
    thread.start();
  }

  TestBucket bucket() {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getLocalPort());
    return new TestBucket(endpoint, BUCKET, "access", "secret");
  }

  /** Answers the next request this way, after those already scheduled. */
  void answerNext(Function<Request, Reply> answer) {
    told.add(answer);
  }

  /** Answers the next request with this. */
  void answerNext(Reply reply) {
    answerNext(request -> reply);
  }

  /** Answers all requests this way from now on, unless an answer was scheduled. */
  void answerAll(Function<Request, Reply> answer) {
    this.otherwise = answer;
  }

  /** Answers a request as S3 does. */
  Reply asS3(Request request) {
    return objects.answer(request);
  }

  /** Returns all requests so far. */
  Queue<Request> received() {
    return received;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // The server was closed.
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      boolean open = true;
      while (open) {
        Request request = read(in);
        received.add(request);
        Function<Request, Reply> answer = told.poll();
        Reply reply = answer == null ? otherwise.apply(request) : answer.apply(request);
        open = reply.writeTo(in, out);
      }
    } catch (IOException e) {
      // The client, or the test, has closed the connection.
    } finally {
      connections.remove(socket);
    }
  }

  private static Request read(InputStream in) throws IOException {
    String[] first = line(in).split(" ");
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    String target = first[1].substring(("/" + BUCKET).length());
    return new Request(first[0], target, headers, body);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("end of the connection");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Closeable connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An answer.
   *
   * @param headers all of them except the length
   * @param length the announced length, or -1 for a chunked body
   * @param body the part of the body that is sent
   * @param ends whether the connection is closed afterwards
   */
  record Reply(int status, Map<String, String> headers, long length, byte[] body, boolean ends) {
    private static final int DROPPED = 0;
    private static final int NONE = -1;

    static Reply of(int status, byte[] body) {
      return new Reply(status, Map.of("Date", StubObjects.date()), body.length, body, false);
    }

    static Reply error(int status, String code) {
      String body = "<Error><Code>" + code + "</Code><Message>as told</Message></Error>";
      return of(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns no answer, and closes the connection. */
    static Reply dropped() {
      return new Reply(DROPPED, Map.of(), 0, new byte[0], true);
    }

    /** Returns no answer. */
    static Reply none() {
      return new Reply(NONE, Map.of(), 0, new byte[0], true);
    }

    Reply with(String header, String value) {
      Map<String, String> changed = new LinkedHashMap<>(headers);
      changed.put(header, value);
      return new Reply(status, changed, length, body, ends);
    }

    Reply without(String header) {
      Map<String, String> changed = new LinkedHashMap<>(headers);
      changed.remove(header);
      return new Reply(status, changed, length, body, ends);
    }

    /** Returns only the beginning of the body, and closes the connection. */
    Reply cutTo(int bytes) {
      byte[] beginning = Arrays.copyOf(body, bytes);
      return new Reply(status, headers, length, beginning, true);
    }

    /** Returns a chunked answer, without an announced length. */
    Reply inChunks() {
      return new Reply(status, headers, -1, body, ends);
    }

    /** Returns an answer that stalls, with the connection left open. */
    Reply stuckAt(int bytes) {
      return new Reply(status, headers, length, Arrays.copyOf(body, bytes), false);
    }

    /** Returns whether the connection can be used again. */
    private boolean writeTo(InputStream in, OutputStream out) throws IOException {
      if (status == DROPPED) {
        return false;
      }
      if (status == NONE) {
        return in.read() >= 0; // until the client gives up
      }
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " as told\r\n");
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      boolean chunked = length < 0;
      head.append(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length);
      head.append("\r\n\r\n");
      if (chunked && body.length > 0) {
        head.append(Integer.toHexString(body.length) + "\r\n");
      }
      out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      if (chunked && !ends) {
        out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      }
      out.flush();
      return !ends;
    }
  }
}
