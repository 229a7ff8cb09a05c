/** Speaks to an object store. */
package ai.starcite.store.s3.internal.client;
