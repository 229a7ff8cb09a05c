/** A store over a relational database, as an example of a store of your own. */
package ai.starcite.examples.jdbc;
