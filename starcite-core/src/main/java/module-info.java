/**
 * Durable, ordered session logs for AI agents.
 *
 * <p>{@link ai.starcite} is the API and {@link ai.starcite.chat} the vocabulary of conversations.
 * Stores implement {@link ai.starcite.spi}. What is exported to the testkit alone is no API.
 *
 * <p>What the log promises is written down in <a
 * href="https://github.com/fastpaca/starcite/blob/main/docs/contract.md">the contract</a>, {@code
 * docs/contract.md} in the repository. Javadoc cites its clauses by name, such as APP-4.
 */
@SuppressWarnings("module")
module ai.starcite {
  requires transitive com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.datatype.jdk8;
  requires com.fasterxml.jackson.datatype.jsr310;
  requires org.slf4j;
  requires static org.jspecify;

  exports ai.starcite;
  exports ai.starcite.chat;
  exports ai.starcite.spi;
  exports ai.starcite.internal to
      ai.starcite.testkit;
  exports ai.starcite.internal.cursor to
      ai.starcite.testkit;
  exports ai.starcite.internal.segment to
      ai.starcite.testkit;
  exports ai.starcite.internal.threads to
      ai.starcite.testkit;

  // Finds Jackson's module for Kotlin, if the application has it.
  uses com.fasterxml.jackson.databind.Module;

  // Jackson reads and writes records that are not public.
  opens ai.starcite to
      com.fasterxml.jackson.databind;
  opens ai.starcite.chat to
      com.fasterxml.jackson.databind;
  opens ai.starcite.internal.cursor to
      com.fasterxml.jackson.databind;
}
