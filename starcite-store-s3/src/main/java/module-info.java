/** A segment store on S3, which any number of processes share. */
@SuppressWarnings("module")
module ai.starcite.store.s3 {
  requires transitive ai.starcite;
  requires transitive software.amazon.awssdk.services.s3;
  requires io.netty.common;
  requires io.netty.transport;
  requires org.slf4j;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.nio.netty;
  requires software.amazon.awssdk.regions;
  requires static org.jspecify;

  exports ai.starcite.store.s3;
}
