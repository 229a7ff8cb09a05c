package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ids that a log refuses, whatever the store. */
@OverMemory
class SessionIdTest extends LogFixture {

  @Test
  @DisplayName("SES-2: control characters and lone surrogates are refused")
  void controlCharactersAndLoneSurrogates() {
    List<String> bad = new ArrayList<>();
    for (char c = 0; c < 0xA0; c++) {
      if (c < 0x20 || c >= 0x7F) {
        bad.add(String.valueOf(c));
      }
    }
    bad.addAll(List.of("\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"));
    for (String each : bad) {
      for (String id : List.of(each, "a" + each, each + "a")) {
        failure(Code.INVALID, () -> log().create(NewSession.ofId(id)));
        failure(Code.INVALID, () -> log().get(id));
        failure(Code.INVALID, () -> log().append(id, event("x")));
      }
    }
    assertThat(log().list(SessionQuery.active()).sessions()).isEmpty();
  }

  @Test
  @DisplayName("SES-2: ids that differ only in case or normal form are different sessions")
  void caseAndNormalForm() {
    List<String> alike = List.of("Café", "café", "CAFÉ", "Cafe\u0301", "CAFE\u0301", "cafe");
    Map<String, String> incarnations = new HashMap<>();
    alike.forEach(id -> incarnations.put(id, log().create(NewSession.ofId(id)).incarnation()));
    assertThat(incarnations.values()).doesNotHaveDuplicates();
    alike.forEach(id -> assertThat(log().get(id).incarnation()).isEqualTo(incarnations.get(id)));
  }
}
