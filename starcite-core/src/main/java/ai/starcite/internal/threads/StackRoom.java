package ai.starcite.internal.threads;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;

/**
 * Makes sure that a call has the stack that it needs before it changes anything. A stack that
 * overflows between two changes would leave half of them, also in locks and queues of the JDK and
 * of a store, which no handler can undo.
 */
public final class StackRoom {
  /**
   * Frames of {@link #descend} that take about 12 KB, twice what an append takes. With many more, a
   * processor could not predict where they return to.
   */
  private static final int FRAMES = 20;

  private static final int SELDOM = 1 << 10;

  private static volatile long zero;
  private static int calls;

  private StackRoom() {}

  /**
   * Returns if there is enough stack for any call of the log.
   *
   * @throws SessionLogException {@code STORE_UNAVAILABLE} if there is not
   */
  public static void require() {
    try {
      // The count need not be right, only come round now and then.
      descend(FRAMES, ++calls & (SELDOM - 1));
    } catch (StackOverflowError e) {
      throw new SessionLogException(
          Code.STORE_UNAVAILABLE,
          "the thread has too little stack left, so nothing was tried; call from a shallower"
              + " place, or give the thread more stack",
          e);
    }
  }

  /**
   * Takes frames that are large, since they have to hold many values across a call, and yet fast,
   * since that is seldom done. A compiler would leave out what is never done.
   */
  private static long descend(int left, int call) {
    if (left == 0) {
      return call;
    }
    if (call == 0) {
      long v0 = zero;
      long v1 = zero;
      long v2 = zero;
      long v3 = zero;
      long v4 = zero;
      long v5 = zero;
      long v6 = zero;
      long v7 = zero;
      long v8 = zero;
      long v9 = zero;
      long v10 = zero;
      long v11 = zero;
      long v12 = zero;
      long v13 = zero;
      long v14 = zero;
      long v15 = zero;
      long v16 = zero;
      long v17 = zero;
      long v18 = zero;
      long v19 = zero;
      long v20 = zero;
      long v21 = zero;
      long v22 = zero;
      long v23 = zero;
      long v24 = zero;
      long v25 = zero;
      long v26 = zero;
      long v27 = zero;
      long v28 = zero;
      long v29 = zero;
      long v30 = zero;
      long v31 = zero;
      long v32 = zero;
      long v33 = zero;
      long v34 = zero;
      long v35 = zero;
      long v36 = zero;
      long v37 = zero;
      long v38 = zero;
      long v39 = zero;
      long v40 = zero;
      long v41 = zero;
      long v42 = zero;
      long v43 = zero;
      long v44 = zero;
      long v45 = zero;
      long v46 = zero;
      long v47 = zero;
      long v48 = zero;
      long v49 = zero;
      long v50 = zero;
      long v51 = zero;
      long v52 = zero;
      long v53 = zero;
      long v54 = zero;
      long v55 = zero;
      long v56 = zero;
      long v57 = zero;
      long v58 = zero;
      long v59 = zero;
      long v60 = zero;
      long v61 = zero;
      long v62 = zero;
      long v63 = zero;
      long below = descend(left - 1, left & 1);
      return below + v0 + v1 + v2 + v3 + v4 + v5 + v6 + v7 + v8 + v9 + v10 + v11 + v12 + v13 + v14
          + v15 + v16 + v17 + v18 + v19 + v20 + v21 + v22 + v23 + v24 + v25 + v26 + v27 + v28 + v29
          + v30 + v31 + v32 + v33 + v34 + v35 + v36 + v37 + v38 + v39 + v40 + v41 + v42 + v43 + v44
          + v45 + v46 + v47 + v48 + v49 + v50 + v51 + v52 + v53 + v54 + v55 + v56 + v57 + v58 + v59
          + v60 + v61 + v62 + v63;
    }
    return descend(left - 1, call) + 1;
  }
}
