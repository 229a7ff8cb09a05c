package ai.starcite.examples.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file of recorded conversations, one JSON object a line. */
final class TranscriptFile {
  private TranscriptFile() {}

  /** Reads the file of a path that a user has given. */
  static List<RecordedConversation> read(String path) throws BadInputException {
    try {
      return read(Path.of(path));
    } catch (InvalidPathException e) {
      throw new BadInputException("no path of a file: " + e.getMessage(), e);
    }
  }

  /** Reads all of it, and finds all that is wrong with it, before anything is written. */
  static List<RecordedConversation> read(Path file) throws BadInputException {
    List<RecordedConversation> conversations = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    try (InputStream input = new BufferedInputStream(Files.newInputStream(file))) {
      int number = 1;
      for (byte[] line = nextLine(input); line != null; line = nextLine(input)) {
        if (!new String(line, StandardCharsets.UTF_8).isBlank()) {
          RecordedConversation conversation = RecordedConversation.parse(number, line);
          Integer earlier = lines.put(conversation.sessionId(), number);
          if (earlier != null) {
            throw new BadInputException(
                "line %d: session %s is in line %d already"
                    .formatted(number, conversation.sessionId(), earlier));
          }
          conversations.add(conversation);
        }
        number++;
      }
    } catch (NoSuchFileException e) {
      throw new BadInputException("there is no file " + file.toAbsolutePath().normalize(), e);
    } catch (IOException e) {
      throw new BadInputException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (BadInputException e) {
      throw new BadInputException(file + ", " + e.getMessage(), e);
    }
    if (conversations.isEmpty()) {
      throw new BadInputException(file + " has no transcripts in it");
    }
    return conversations;
  }

  /** The bytes up to the next line feed, or null at the end; invalid UTF-8 is kept to be found. */
  private static byte[] nextLine(InputStream input) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = input.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = input.read()) {
      line.write(next);
    }
    return line.toByteArray();
  }
}
