package ai.starcite.internal.commit;

import ai.starcite.spi.StateCheckpoint;
import java.util.List;

/** One thing to be done once the lock of the session is released. */
public sealed interface Effect {
  /** Does it. */
  void accept(Handler handler);

  /** Keeps an ended session in sight while its last write is in flight. */
  record Outlive() implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.outlive();
    }
  }

  /** Lets go of an ended session that has nothing in flight any more. */
  record Resolved() implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.resolved();
    }
  }

  /** Has the log forget a session that has ended. */
  record Forget() implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.forget();
    }
  }

  /** Hands calls to the session's next incarnation, in the place of one that has ended. */
  record MoveOn(List<QueuedAppend> calls) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.moveOn(calls);
    }
  }

  /** Goes on to decide once the callers of the last write are told. */
  record Resume() implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.resume();
    }
  }

  /** Goes on to decide on another thread, since many calls wait. */
  record AdvanceElsewhere() implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.advanceElsewhere();
    }
  }

  /** Goes on after a pause in which more events may join the segment that forms. */
  record Pause(long nanos) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.pause(nanos);
    }
  }

  /** Checks after a pause whether other processes have stored theirs. */
  record CheckTurn(long nanos) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.checkTurn(nanos);
    }
  }

  /** Saves a checkpoint. */
  record Checkpoint(StateCheckpoint checkpoint) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.checkpoint(checkpoint);
    }
  }

  /** Reads the page that a call wants to see. */
  record LookUp(QueuedAppend call) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.lookUp(call);
    }
  }

  /** Reads what other processes have appended. */
  record Refresh() implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.refresh();
    }
  }

  /** Reads whose segment stands where the store calls the place of a repeated write taken. */
  record Verify(InFlight write) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.verify(write);
    }
  }

  /** Reads whether a write of unknown outcome is stored, before it can be sent again. */
  record Glimpse(InFlight write) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.glimpse(write);
    }
  }

  /** Sends a write of unknown outcome again after a pause. */
  record SendLater(InFlight write) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.sendLater(write);
    }
  }

  /** Hands a write to the store. The last of all, since a store may keep the calling thread. */
  record Send(InFlight write) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.send(write);
    }
  }

  /** Carries effects out. */
  interface Handler {
    void outlive();

    void resolved();

    void forget();

    void moveOn(List<QueuedAppend> calls);

    void resume();

    void advanceElsewhere();

    void pause(long nanos);

    void checkTurn(long nanos);

    void checkpoint(StateCheckpoint checkpoint);

    void lookUp(QueuedAppend call);

    void refresh();

    void verify(InFlight write);

    void glimpse(InFlight write);

    void sendLater(InFlight write);

    void send(InFlight write);
  }
}
