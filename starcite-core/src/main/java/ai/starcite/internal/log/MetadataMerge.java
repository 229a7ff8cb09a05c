package ai.starcite.internal.log;

import ai.starcite.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Merges metadata one level deep, keeping the bytes of the values (clause SES-4). */
final class MetadataMerge {
  private MetadataMerge() {}

  /** The members of both; a value {@code null} in the changes removes its key. */
  static Json merge(Json before, Json changes) {
    Map<String, Json> merged = new LinkedHashMap<>(before.members());
    changes
        .members()
        .forEach(
            (key, value) -> {
              if (value.toString().equals("null")) {
                merged.remove(key);
              } else {
                merged.put(key, value);
              }
            });
    return Json.encode(merged);
  }
}
