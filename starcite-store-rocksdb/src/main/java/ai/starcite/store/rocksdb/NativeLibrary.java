package ai.starcite.store.rocksdb;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads RocksDB's native code. RocksDB itself unpacks 17 MB for each process, which stay where the
 * process is killed, or unpacks over the file that other processes have loaded, which crashes them.
 * So each version of the library is unpacked once, into a directory of its own that only this user
 * can write, and loaded from there.
 *
 * <p>Where others can write that directory, or another class loader of this process has loaded the
 * file, the library is unpacked into a new directory, and deleted as soon as it is loaded.
 */
final class NativeLibrary {
  private static final Logger LOGGER = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String NAME = "rocksdb";
  private static final String PREFIX = "starcite-rocksdb-";

  /** What RocksDB loads from a directory that it is given, without unpacking anything. */
  private static final String FILE = Environment.getJniLibraryFileName("rocksdbjni");

  private static final String UNFINISHED = ".tmp";
  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final Set<PosixFilePermission> FOREIGN_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static boolean loaded;

  private NativeLibrary() {}

  /** Loads it, once for this class loader. */
  static synchronized void load() throws IOException {
    if (loaded) {
      return;
    }
    // Something else in this process may have loaded it.
    if (RocksDB.rocksdbVersion() != null || isInstalled()) {
      RocksDB.loadLibrary();
    } else {
      loadFromJar();
    }
    loaded = true;
  }

  /** Whether the library is where Java looks for libraries, and where RocksDB takes it first. */
  private static boolean isInstalled() {
    List<String> names = new ArrayList<>();
    names.add(Environment.getSharedLibraryName(NAME));
    names.add(Environment.getJniLibraryName(NAME));
    names.add(Environment.getFallbackJniLibraryName(NAME));
    names.removeIf(Objects::isNull);
    return Arrays.stream(System.getProperty("java.library.path", "").split(separator()))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(
            directory ->
                names.stream()
                    .map(System::mapLibraryName)
                    .anyMatch(name -> Files.exists(Path.of(directory, name))));
  }

  private static String separator() {
    return Pattern.quote(File.pathSeparator);
  }

  private static void loadFromJar() throws IOException {
    List<Throwable> failures = new ArrayList<>();
    for (Path place : places()) {
      try {
        if (!loadShared(place)) {
          loadPrivate(place);
        }
        return;
      } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
        LOGGER.debug("RocksDB's library cannot be loaded from {}", place, e);
        failures.add(e);
      }
    }
    IOException failure = new IOException(failures.get(0));
    failures.stream().skip(1).forEach(failure::addSuppressed);
    throw failure;
  }

  /** Where the library may be unpacked; a later place is for where programs cannot run in /tmp. */
  private static Set<Path> places() {
    String chosen = System.getenv("ROCKSDB_SHAREDLIB_DIR");
    if (chosen != null && !chosen.isEmpty()) {
      return Set.of(Path.of(chosen));
    }
    Set<Path> places = new LinkedHashSet<>();
    places.add(Path.of(System.getProperty("java.io.tmpdir")));
    places.add(Path.of(System.getProperty("user.home"), ".cache"));
    return places;
  }

  /**
   * Loads the one copy of this user's processes.
   *
   * @return false if there cannot be one
   */
  private static boolean loadShared(Path place) throws IOException {
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_.-]", "_");
    Path directory = place.resolve(PREFIX + user);
    if (!isOwn(directory)) {
      LOGGER.warn("{} is not this user's alone: the library is not loaded from there", directory);
      return false;
    }
    deleteAbandoned(directory);
    Content wanted;
    try (InputStream in = resource()) {
      wanted = Content.of(in, OutputStream.nullOutputStream());
    }
    Path version = directory.resolve(wanted.name());
    Files.createDirectories(version, Permissions.ofDirectory(version));
    if (!wanted.equals(contentOf(version.resolve(FILE)))) {
      unpack(wanted, directory, version);
    }
    try {
      RocksDB.loadLibrary(List.of(version.toAbsolutePath().toString()));
      return true;
    } catch (UnsatisfiedLinkError e) {
      if (String.valueOf(e.getMessage()).contains("already loaded in another classloader")) {
        return false;
      }
      throw e;
    }
  }

  /** Makes the directory if it is not there, and tells whether only this user can write it. */
  private static boolean isOwn(Path directory) throws IOException {
    Files.createDirectories(directory.getParent());
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(directory, Permissions.ofDirectory(directory));
      } catch (FileAlreadyExistsException e) {
        // Another process has made it just now, or it is something else.
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
          return false;
        }
      }
    }
    if (!Permissions.isPosix(directory)) {
      // The temporary directory of Windows is the user's own.
      return true;
    }
    boolean writable =
        Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS).stream()
            .anyMatch(FOREIGN_WRITE::contains);
    if (writable) {
      return false;
    }
    Path probe = directory.resolve(UUID.randomUUID() + UNFINISHED);
    try {
      Files.createFile(probe, Permissions.ofFile(probe));
      Object user = Files.getAttribute(probe, "unix:uid");
      return user.equals(Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    } catch (AccessDeniedException e) {
      return false;
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Puts the whole library in its place at once, whatever other processes do there. */
  private static void unpack(Content wanted, Path directory, Path version) throws IOException {
    Path unfinished = directory.resolve(UUID.randomUUID() + UNFINISHED);
    try {
      Files.createFile(unfinished, Permissions.ofFile(unfinished));
      try (InputStream in = resource();
          OutputStream out = Files.newOutputStream(unfinished)) {
        if (!wanted.equals(Content.of(in, out))) {
          throw new IOException("the jar of the library was changed while it was read");
        }
      }
      Files.move(unfinished, version.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Windows does not replace a file in use: then another process was first.
      if (!wanted.equals(contentOf(version.resolve(FILE)))) {
        throw e;
      }
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** What tells one version of the library from others, and a whole file from a part of it. */
  private record Content(long length, long crc) {
    static Content of(InputStream in, OutputStream copy) throws IOException {
      CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
      long length = checked.transferTo(copy);
      return new Content(length, checked.getChecksum().getValue());
    }

    String name() {
      return "%d-%08x".formatted(length, crc);
    }
  }

  private static @Nullable Content contentOf(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Content.of(in, OutputStream.nullOutputStream());
    }
  }

  private static InputStream resource() throws IOException {
    String fallback = Environment.getFallbackJniLibraryFileName(NAME);
    for (String name : Arrays.asList(Environment.getJniLibraryFileName(NAME), fallback)) {
      InputStream in =
          name == null ? null : RocksDB.class.getClassLoader().getResourceAsStream(name);
      if (in != null) {
        return in;
      }
    }
    throw new FileNotFoundException(
        "rocksdbjni has no library for this machine: " + Environment.getJniLibraryFileName(NAME));
  }

  /** What processes have left that were killed while they unpacked the library. */
  private static void deleteAbandoned(Path directory) throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(UNFINISHED)).toList()) {
        try {
          if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          // Its process has gone on meanwhile.
        }
      }
    }
  }

  /** Unpacks the library for this process only, and deletes it when it is loaded. */
  private static void loadPrivate(Path place) throws IOException {
    Path directory = Files.createTempDirectory(place, PREFIX);
    try {
      try (InputStream in = resource()) {
        Files.copy(in, directory.resolve(FILE));
      }
      RocksDB.loadLibrary(List.of(directory.toAbsolutePath().toString()));
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      // Windows keeps what is loaded; it is in the directory for temporary files.
      LOGGER.debug("{} is left", directory, e);
    }
  }
}
