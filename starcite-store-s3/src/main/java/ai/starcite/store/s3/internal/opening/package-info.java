/** Looks at a bucket before a store is opened there. */
package ai.starcite.store.s3.internal.opening;
