/**
 * The clauses of the contract as abstract groups of tests. {@link
 * ai.starcite.testkit.SessionLogContract} runs them over a store; nobody else extends them.
 */
package ai.starcite.testkit.contract;
