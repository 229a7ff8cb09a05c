package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The right of one store of one process to use a directory.
 *
 * <p>A lock on a file is not enough: POSIX releases all locks that a process has on a file as soon
 * as the process closes any descriptor of it, as a backup inside the process does. So the owner
 * also {@linkplain Owner signs} the lock file, and who gets the lock looks whether the one that has
 * signed is alive: in the table of processes, or, where that cannot tell, by {@linkplain
 * LockFile#knock knocking}. A new owner puts a new file in the place of the old one, so that an old
 * owner that was taken for dead finds out, with one look at the path, before it acknowledges.
 *
 * <p>RocksDB's own lock is lost in the same way. It is taken here before any of RocksDB's files is
 * mended, in case that another program has the database open.
 *
 * <p>The set of this process's directories is needed because a second attempt must not even open
 * the lock file: that attempt would end by closing it.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String DATABASE_LOCK = "LOCK";

  /**
   * By what stays the same under another path, as of a bind mount or after a renaming. A directory
   * that was deleted while it was open may have left its identity to a new one.
   */
  private static final Map<Object, Claim> CLAIMS = new ConcurrentHashMap<>();

  /** Further channels of files that this process has locked: closing them would unlock those. */
  private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

  /** What this process knows of a directory that it opens, or has open. */
  private static final class Claim {
    private volatile @Nullable LockFile file;

    /** Whether it is void, since the directory is gone, or somewhere else. */
    boolean isVoid() {
      LockFile signed = file;
      return signed != null && !signed.isHeld();
    }
  }

  private final Path directory;
  private final Object identity;
  private final Claim claim;
  private final LockFile file;
  private @Nullable FileChannel database;

  private DirectoryLock(Path directory, Object identity, Claim claim, LockFile file) {
    this.directory = directory;
    this.identity = identity;
    this.claim = claim;
    this.file = file;
  }

  /** Takes the lock of an existing directory, or throws {@code STORE_UNAVAILABLE}. */
  static DirectoryLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    Object identity = Optional.ofNullable(LockFile.key(real)).orElse(real);
    Claim claim = new Claim();
    Claim other = CLAIMS.putIfAbsent(identity, claim);
    // If it was only moved, its lock file is still locked, which is met below.
    if (other != null && !(other.isVoid() && CLAIMS.replace(identity, other, claim))) {
      throw taken(directory, "in this process");
    }
    try {
      claim.file = lockFile(directory, real);
      return new DirectoryLock(real, identity, claim, claim.file);
    } finally {
      if (claim.file == null && other == null) {
        CLAIMS.remove(identity, claim);
      } else if (claim.file == null) {
        CLAIMS.replace(identity, claim, other);
      }
    }
  }

  private static LockFile lockFile(Path directory, Path real) throws IOException {
    while (true) {
      FileChannel channel = LockFile.open(real);
      boolean close = true;
      try {
        Object before = LockFile.key(LockFile.in(real));
        if (channel.tryLock() == null) {
          throw taken(directory, anotherProcess(Owner.parse(LockFile.read(channel))));
        }
        // Else another process has put its file there meanwhile: this one is no lock any more.
        if (Objects.equals(before, LockFile.key(LockFile.in(real)))) {
          requireNoOwner(directory, real, channel, before);
          LockFile signed = LockFile.sign(real, channel, before);
          close = signed.channel() != channel;
          return signed;
        }
      } catch (NoSuchFileException e) {
        if (!real.toFile().isDirectory()) {
          throw e;
        }
      } catch (OverlappingFileLockException e) {
        close = false;
        NEVER_CLOSED.add(channel);
        throw taken(directory, "in this process");
      } finally {
        if (close) {
          channel.close();
        }
      }
    }
  }

  /**
   * Checks that nobody who has signed the file, and has lost the lock since, uses the directory.
   */
  private static void requireNoOwner(
      Path directory, Path real, FileChannel channel, @Nullable Object key) throws IOException {
    byte[] signature = LockFile.read(channel);
    if (key == null || signature.length == 0) {
      // Without such keys, on Windows, closing another descriptor releases no lock.
      return;
    }
    Optional<Owner> owner = Owner.parse(signature);
    boolean copied = owner.isPresent() && !owner.get().file().equals(key.toString());
    // This process has no lock on the file, else there had been an OverlappingFileLockException.
    if (copied || owner.filter(Owner::isThisProcess).isPresent()) {
      return;
    }
    boolean alive =
        switch (owner.map(Owner::life).orElse(Owner.Life.UNKNOWN)) {
          case ALIVE -> true;
          case DEAD -> false;
          case UNKNOWN -> LockFile.knock(real);
        };
    if (alive) {
      throw taken(directory, anotherProcess(owner));
    }
  }

  private static String anotherProcess(Optional<Owner> owner) {
    // Not an id of another machine or container, which may be that of some process here.
    return owner
        .filter(each -> each.life() == Owner.Life.ALIVE)
        .map(each -> "in another process (pid " + each.pid() + ")")
        .orElse("in another process");
  }

  private static SessionLogException taken(Path directory, String where) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        directory
            + " is already open "
            + where
            + ": use one process and one SessionLog per directory, and share that SessionLog");
  }

  /** The directory's path, without symbolic links, which may be changed while it is in use. */
  Path directory() {
    return directory;
  }

  /**
   * Takes RocksDB's own lock, so that its files may be mended; RocksDB, which is of this process,
   * gets it as well. The database must be closed.
   */
  void lockDatabase() throws IOException {
    if (!LockFile.isLostByClosing(directory)) {
      // Windows would keep the lock from RocksDB too.
      return;
    }
    if (database != null) {
      database.close();
    }
    Path path = directory.resolve(DATABASE_LOCK);
    FileChannel channel =
        Permissions.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean close = true;
    try {
      if (channel.tryLock() == null) {
        throw taken(directory, "in another process, by its RocksDB database");
      }
      close = false;
      database = channel;
    } catch (OverlappingFileLockException e) {
      close = false;
      NEVER_CLOSED.add(channel);
      throw taken(directory, "in this process, by its RocksDB database");
    } finally {
      if (close) {
        channel.close();
      }
    }
  }

  /**
   * Whether the directory is where it was, and still this process's: false after it was moved or
   * deleted, another one was mounted over it, or another process has taken it. Cheap enough to ask
   * after each write.
   */
  boolean isHeld() {
    return file.isHeld();
  }

  @Override
  public void close() throws IOException {
    try {
      if (database != null) {
        database.close();
      }
    } finally {
      try {
        file.close();
      } finally {
        CLAIMS.remove(identity, claim);
      }
    }
  }
}
