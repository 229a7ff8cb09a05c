package ai.starcite.examples.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Bytes on a socket, and the bytes that come back. */
final class RawHttp {
  private RawHttp() {}

  /** Sends bytes, and reads until one answer is complete or the server closes the connection. */
  static String send(int port, String bytes) throws IOException {
    return send(port, bytes.getBytes(StandardCharsets.ISO_8859_1), 30_000);
  }

  static String send(int port, byte[] bytes, int timeoutMillis) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(timeoutMillis);
      try {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
      } catch (SocketException e) {
        // It has refused before all was sent; what it said is to be read.
      }
      return read(socket);
    }
  }

  static String read(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    byte[] buffer = new byte[8192];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        if (isComplete(answer.toString())) {
          break;
        }
      }
    } catch (SocketTimeoutException | SocketException e) {
      // What came is what there is.
    }
    return answer.toString();
  }

  private static boolean isComplete(String answer) {
    int end = answer.indexOf("\r\n\r\n");
    int length = answer.indexOf("Content-Length: ");
    if (end < 0 || length < 0 || length > end) {
      return end >= 0 && answer.startsWith("HTTP/1.1 101");
    }
    int lineEnd = answer.indexOf("\r\n", length);
    int bytes = Integer.parseInt(answer.substring(length + "Content-Length: ".length(), lineEnd));
    return answer.length() >= end + 4 + bytes;
  }
}
