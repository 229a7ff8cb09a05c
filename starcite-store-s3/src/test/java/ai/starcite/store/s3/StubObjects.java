package ai.starcite.store.s3;

import ai.starcite.store.s3.StubServer.Reply;
import ai.starcite.store.s3.StubServer.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Answers the requests of a store as S3 does, as far as the tests need it. */
final class StubObjects {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  static String date() {
    return date(Instant.now());
  }

  static String date(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  Reply answer(Request request) {
    URI target = URI.create(request.target().isEmpty() ? "/" : request.target());
    String key = target.getPath().substring(Math.min(1, target.getPath().length()));
    return switch (request.method()) {
      case "PUT" -> put(key, request);
      case "DELETE" -> delete(key);
      case "GET" -> target.getRawQuery() == null ? get(key) : list(parameters(target));
      default -> Reply.error(405, "MethodNotAllowed");
    };
  }

  private Reply put(String key, Request request) {
    if (!"*".equals(request.headers().get("if-none-match"))) {
      return Reply.error(501, "NotImplemented");
    }
    return objects.putIfAbsent(key, request.body()) == null
        ? Reply.of(200, new byte[0]).with("ETag", "\"1\"")
        : Reply.error(412, "PreconditionFailed");
  }

  private Reply get(String key) {
    byte[] bytes = objects.get(key);
    return bytes == null
        ? Reply.error(404, "NoSuchKey")
        : Reply.of(200, bytes).with("ETag", "\"1\"");
  }

  private Reply delete(String key) {
    objects.remove(key);
    return Reply.of(204, new byte[0]);
  }

  private static Map<String, String> parameters(URI target) {
    Map<String, String> parameters = new HashMap<>();
    for (String each : target.getQuery().split("&")) {
      String[] parts = each.split("=", 2);
      parameters.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return parameters;
  }

  private Reply list(Map<String, String> parameters) {
    String prefix = parameters.get("prefix");
    String after = parameters.getOrDefault("start-after", "");
    int limit = Integer.parseInt(parameters.get("max-keys"));
    List<Map.Entry<String, byte[]>> all =
        objects.tailMap(after, false).entrySet().stream()
            .filter(each -> each.getKey().startsWith(prefix))
            .toList();
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    xml.append("<IsTruncated>").append(all.size() > limit).append("</IsTruncated>");
    String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    for (Map.Entry<String, byte[]> each : all.subList(0, Math.min(limit, all.size()))) {
      xml.append("<Contents><Key>").append(each.getKey()).append("</Key>");
      xml.append("<LastModified>").append(time).append("</LastModified>");
      xml.append("<Size>").append(each.getValue().length).append("</Size></Contents>");
    }
    xml.append("</ListBucketResult>");
    return Reply.of(200, xml.toString().getBytes(StandardCharsets.UTF_8));
  }
}
