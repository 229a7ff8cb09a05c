package ai.starcite.testkit.contract;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.spi.SegmentStore;

/** The stores of one test, all on one namespace of its own, and what may be expected of them. */
public interface StoresOfTest extends AutoCloseable {
  /**
   * Opens a store on what those before it have stored; they may still be open. A store that keeps
   * nothing when it is closed is opened once, and returned each time.
   *
   * @return an open store
   */
  SegmentStore open();

  /**
   * Ends the store that was opened last as a crash would, and opens one on what that leaves.
   *
   * @return an open store
   */
  SegmentStore crash();

  /**
   * Opens a log.
   *
   * @param settings its store and settings
   * @return an open log
   */
  default SessionLog openLog(SessionLogBuilder settings) {
    return settings.open();
  }

  /**
   * Returns whether what is stored outlives the closing of the store.
   *
   * @return false for a store that is opened once
   */
  boolean outlivesClose();

  /**
   * Returns whether the stores inject faults.
   *
   * @return true if what faults change must not be tested
   */
  boolean injectsFaults();

  /** Skips the test, with the reason, if a closed store cannot be opened again. */
  void requireReopen();

  /** Skips the test, with the reason, if the store cannot survive a crash. */
  void requireCrash();

  /** Skips the test, with the reason, if the store is not for several logs at once. */
  void requireShared();

  /**
   * Compares two ids in the order in which the store lists them.
   *
   * @param a an id
   * @param b another
   * @return negative, zero or positive, as of a comparator
   */
  int compareIds(String a, String b);

  /** Closes all stores and removes what they have stored. */
  @Override
  void close();
}
