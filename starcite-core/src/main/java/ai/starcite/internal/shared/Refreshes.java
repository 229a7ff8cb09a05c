package ai.starcite.internal.shared;

/**
 * Counts the refreshes of a session, each a read of what other processes have appended. They are
 * numbered, so that a refresh can prove what was true for every call that came before it began.
 * Guarded by the lock of the session.
 */
public final class Refreshes {
  /** How often a store may call a seq taken at which it has nothing, before that is an error. */
  private static final int MOST_FRUITLESS = 3;

  private boolean underWay;

  /** Whether calls wait for the refresh that is under way. */
  private boolean required;

  private long begun;
  private long proven;
  private int fruitless;

  /** Whether a refresh is under way, so that nothing can be decided. */
  public boolean areUnderWay() {
    return underWay;
  }

  /** How many refreshes have begun. */
  public long begun() {
    return begun;
  }

  /** The number of the last refresh that has succeeded. */
  public long proven() {
    return proven;
  }

  /** Begins a refresh that no call waits for. */
  public void begin() {
    underWay = true;
    begun++;
  }

  /** Begins a refresh that calls wait for. */
  public void require() {
    required = true;
    begin();
  }

  /**
   * Begins a refresh because the store called a seq taken.
   *
   * @return false if the store has said so too often while there was nothing to be found
   */
  public boolean requireAfterLoss() {
    fruitless++;
    if (fruitless > MOST_FRUITLESS) {
      fruitless = 0;
      return false;
    }
    require();
    return true;
  }

  /** Notes that the log has grown, by this process or by another one. */
  public void foundSomething() {
    fruitless = 0;
  }

  /** Ends a refresh that every call before it can rely on. */
  public void succeeded() {
    proven = begun;
    end();
  }

  /** Ends a refresh; true if calls have waited for it. */
  public boolean end() {
    boolean awaited = required;
    underWay = false;
    required = false;
    return awaited;
  }
}
