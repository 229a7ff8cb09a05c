package ai.starcite.examples.gateway;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A file of the page, which is part of the gateway.
 *
 * @param contentType what it is
 * @param bytes its content
 * @param tag what tells one version of it from another
 */
record PageFile(String contentType, byte[] bytes, String tag) {
  /** Nothing from elsewhere, nothing inline: text of a session can never become a program. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  static PageFile load(String name, String contentType) {
    try (InputStream in = PageFile.class.getResourceAsStream("/page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page has no " + name);
      }
      byte[] bytes = in.readAllBytes();
      CRC32C sum = new CRC32C();
      sum.update(bytes);
      String tag = HexFormat.of().toHexDigits((int) sum.getValue());
      return new PageFile(contentType, bytes, '"' + tag + '"');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void answer(Context ctx) {
    ctx.header("Cache-Control", "no-cache").header("ETag", tag);
    ctx.header("Content-Security-Policy", POLICY).header("Referrer-Policy", "no-referrer");
    if (tag.equals(ctx.header("If-None-Match"))) {
      ctx.status(304);
    } else {
      ctx.contentType(contentType).result(bytes);
    }
  }
}
