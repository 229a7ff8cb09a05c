package ai.starcite.internal.shared;

import ai.starcite.internal.commit.Effects;

/**
 * The looks at a shared store for what others have appended. Each has a number, so that it can be
 * told which ops came before it began, and can be answered by what it found. Guarded by the
 * session's writer.
 */
public final class Refreshes {
  /** How often a store may call a seq taken at which it has nothing, before that is an error. */
  private static final int MOST_FRUITLESS = 3;

  private boolean underWay;

  /** Whether ops wait for the look that is under way. */
  private boolean required;

  private long begun;
  private long proven;
  private int fruitless;

  /** Whether a look is under way, so that nothing can be decided. */
  public boolean areUnderWay() {
    return underWay;
  }

  /** How many have begun. */
  public long begun() {
    return begun;
  }

  /** The number of the last look whose answer is known. */
  public long proven() {
    return proven;
  }

  /** Begins a look that nobody waits for. */
  public void begin(Effects actions) {
    underWay = true;
    begun++;
    actions.refresh = true;
  }

  /** Begins a look that ops wait for. */
  public void require(Effects actions) {
    required = true;
    begin(actions);
  }

  /**
   * Begins a look since a seq was called taken; false if the store has done so too often without
   * there being anything.
   */
  public boolean requireAfterLoss(Effects actions) {
    fruitless++;
    if (fruitless > MOST_FRUITLESS) {
      fruitless = 0;
      return false;
    }
    require(actions);
    return true;
  }

  /** The log has grown, by this process or by another one. */
  public void foundSomething() {
    fruitless = 0;
  }

  /** Ends a look, whose answer all ops that came before it can rely on. */
  public void succeeded() {
    proven = begun;
    end();
  }

  /** Ends a look; true if ops have waited for it. */
  public boolean end() {
    boolean awaited = required;
    underWay = false;
    required = false;
    return awaited;
  }
}
