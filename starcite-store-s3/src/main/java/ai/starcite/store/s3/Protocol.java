package ai.starcite.store.s3;

/** The operations of a store, joined by a {@link ProtocolFactory}. */
record Protocol(
    Requests requests,
    Creator creator,
    Appender appender,
    Reader reader,
    Updater updater,
    Deleter deleter,
    Lister lister,
    Maintenance maintenance) {}
