package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Json;
import ai.starcite.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that was made: a file, an image, a document; elsewhere ({@code uri}) or here ({@code
 * data}). (Clause EVT-3.)
 *
 * @param name its name
 * @param mediaType its media type, such as {@code text/markdown}, or null
 * @param uri where it is, or null
 * @param data its content, or null
 */
@EventType("artifact")
public record Artifact(
    String name, @Nullable String mediaType, @Nullable String uri, @Nullable Json data)
    implements Payload {
  public Artifact {
    Objects.requireNonNull(name, "name");
  }
}
