/**
 * The vocabulary of conversations (clause EVT-3), from {@link ai.starcite.chat.Message} to {@link
 * ai.starcite.chat.Failure}, and {@link ai.starcite.chat.Transcript}, which shows a session as a
 * user interface does. A view of the log: any other event types work without it.
 */
@NullMarked
package ai.starcite.chat;

import org.jspecify.annotations.NullMarked;
