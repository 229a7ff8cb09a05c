/** Compares random sequences of calls, call by call, with a model of the contract. */
package ai.starcite.testkit.model;
