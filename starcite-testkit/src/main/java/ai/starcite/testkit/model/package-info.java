/** Compares random sequences of calls, call by call, with a model of the contract. */
@NullMarked
package ai.starcite.testkit.model;

import org.jspecify.annotations.NullMarked;
