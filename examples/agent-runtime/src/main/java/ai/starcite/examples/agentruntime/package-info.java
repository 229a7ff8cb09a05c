/** An agent in LangChain4j whose memory and whose answers, as they are streamed, are in a log. */
package ai.starcite.examples.agentruntime;
