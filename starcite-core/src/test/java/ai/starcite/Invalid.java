package ai.starcite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.SessionLogException.Code;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expects a call to fail the way that bad input fails. */
final class Invalid {
  private Invalid() {}

  static AbstractThrowableAssert<?, ?> assertInvalid(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }
}
