package ai.starcite.examples.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that keeps the frames it gets. */
public final class SocketClient implements WebSocket.Listener {
  final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  final CompletableFuture<Void> pinged = new CompletableFuture<>();
  final StringBuilder partial = new StringBuilder();
  public volatile String reason = "";
  WebSocket socket;

  public static SocketClient open(TestGateway gateway, String path) {
    SocketClient client = new SocketClient();
    URI uri = URI.create(gateway.gateway.url().replace("http:", "ws:") + path);
    client.socket = gateway.http.newWebSocketBuilder().buildAsync(uri, client).join();
    return client;
  }

  /** The status that the handshake was refused with. */
  static int refused(HttpClient http, TestGateway gateway, String path) {
    URI uri = URI.create(gateway.gateway.url().replace("http:", "ws:") + path);
    try {
      http.newWebSocketBuilder().buildAsync(uri, new SocketClient()).join();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      frames.add(partial.toString());
      partial.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    pinged.complete(null);
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int statusCode, String text) {
    reason = text;
    closed.complete(statusCode);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    closed.complete(1006);
  }

  String next() {
    try {
      String frame = frames.poll(30, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no frame came; the socket is closed: " + closed.isDone());
      }
      return frame;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public int closeCode() {
    return closed.orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** All frames until it was closed. */
  List<String> all() {
    closeCode();
    List<String> all = new ArrayList<>();
    frames.drainTo(all);
    return all;
  }
}
