package ai.starcite.examples.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between the command and a gateway, and loses what it is told to. It knows as much of HTTP
 * as those two use: a body has a Content-Length.
 */
final class LossyProxy implements AutoCloseable {
  /** What becomes of an append. */
  enum Appends {
    PASS,
    /** It reaches the gateway, and its answer is lost. */
    LOSE_ANSWER,
    /** It does not reach the gateway. */
    LOSE_REQUEST
  }

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

  private final ServerSocket server;
  private final int gatewayPort;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Appends appends = Appends.PASS;
  private volatile int passBefore;
  private volatile CountDownLatch lost = new CountDownLatch(1);

  LossyProxy(int gatewayPort) throws IOException {
    this.gatewayPort = gatewayPort;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "lossy-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Loses appends from now on, after some have passed. */
  void lose(Appends what, int afterAppends) {
    lost = new CountDownLatch(1);
    passBefore = afterAppends;
    appends = what;
  }

  void pass() {
    appends = Appends.PASS;
  }

  /** Waits until an append has been lost. */
  void awaitLoss() throws InterruptedException {
    lost.await();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        daemon(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket gateway = new Socket(InetAddress.getLoopbackAddress(), gatewayPort)) {
      open.add(gateway);
      while (true) {
        byte[] request = message(client.getInputStream());
        if (request == null) {
          return;
        }
        Appends fate = fate(request);
        if (fate == Appends.LOSE_REQUEST) {
          lost.countDown();
          continue; // and waits for one that will not come
        }
        OutputStream toGateway = gateway.getOutputStream();
        toGateway.write(request);
        byte[] answer = message(gateway.getInputStream());
        if (fate == Appends.LOSE_ANSWER) {
          lost.countDown();
        } else if (answer != null) {
          client.getOutputStream().write(answer);
          if (new String(answer, 0, 13, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 101")) {
            relay(client, gateway);
            return;
          }
        }
      }
    } catch (IOException e) {
      // One of the two has gone away.
    }
  }

  /** A WebSocket: from here on bytes go both ways. */
  private static void relay(Socket client, Socket gateway) throws IOException {
    daemon(
        () -> {
          try {
            client.getInputStream().transferTo(gateway.getOutputStream());
          } catch (IOException e) {
            // One of the two has gone away.
          }
        });
    gateway.getInputStream().transferTo(client.getOutputStream());
  }

  private synchronized Appends fate(byte[] request) {
    String start = new String(request, 0, Math.min(request.length, 400), StandardCharsets.UTF_8);
    if (appends == Appends.PASS || !start.substring(0, start.indexOf('\r')).contains("/append ")) {
      return Appends.PASS;
    }
    return passBefore-- > 0 ? Appends.PASS : appends;
  }

  /** A request or an answer; null at the end. */
  private static byte[] message(InputStream in) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    String head = "";
    while (!head.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      message.write(next);
      head = next == '\n' ? message.toString(StandardCharsets.ISO_8859_1) : "";
    }
    Matcher length = LENGTH.matcher(head);
    if (length.find()) {
      message.write(in.readNBytes(Integer.parseInt(length.group(1))));
    }
    return message.toByteArray();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
