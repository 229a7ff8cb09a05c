package ai.starcite.testkit;

/** Something a store may be unable to do. A test that needs it is skipped, with the reason. */
public enum Capability {
  /**
   * What was acknowledged is there after the store is closed and opened again. Expected of every
   * store whose {@linkplain ai.starcite.spi.StoreCapabilities#durability() durability} is not
   * {@code NONE}.
   */
  REOPEN,

  /**
   * What was acknowledged is there after the store's process has died. Expected of every store
   * whose durability is not {@code NONE}. See {@link SegmentStoreContract#crash}.
   */
  CRASH,

  /**
   * Several stores can be open on the same namespace at once, as in several processes. Expected of
   * every store that declares itself {@linkplain ai.starcite.spi.StoreCapabilities#shared()
   * shared}.
   */
  SHARED
}
