/** What the objects of the store are, and where. */
package ai.starcite.store.s3.internal.format;
