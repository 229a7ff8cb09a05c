package ai.starcite.examples.jdbc;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Makes blocking JDBC asynchronous: runs each piece of work in a transaction of its own, on one of
 * a few threads, and tells failures that are definite from those that are not. A store over any
 * other blocking client can have the same.
 *
 * <p>Thread-safe.
 */
final class Transactions implements AutoCloseable {
  private static final int CLOSE_SECONDS = 10;

  private final DataSource dataSource;
  private final ThreadPoolExecutor threads;
  private volatile boolean closed;

  Transactions(DataSource dataSource, int threadCount) {
    this.dataSource = dataSource;
    AtomicInteger number = new AtomicInteger();
    // The queue needs no bound: a log has one write of a session under way, and bounds their bytes.
    this.threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "starcite-jdbc-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** What happens in one transaction. */
  interface Work<T> {
    T run(Transaction transaction) throws SQLException;
  }

  /** Runs work that only reads; its failure is that of the stage. */
  <T> CompletionStage<T> read(Work<T> work) {
    return submit(() -> transact(work));
  }

  /** Runs work that writes; its failure becomes one of two outcomes. */
  <T> CompletionStage<T> write(
      Work<T> work, Function<Throwable, T> rejected, Function<Throwable, T> indefinite) {
    return this.<T>submit(
            () -> {
              try {
                return transact(work);
              } catch (UnknownOutcomeException e) {
                return indefinite.apply(e.getCause());
              }
            })
        .exceptionally(rejected);
  }

  private <T> CompletableFuture<T> submit(Callable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              result.complete(call.call());
            } catch (Throwable e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(closedFailure());
    }
    return result;
  }

  private <T> T transact(Work<T> work) throws SQLException, UnknownOutcomeException {
    if (closed) {
      throw closedFailure();
    }
    Connection connection = dataSource.getConnection();
    try {
      return transact(work, connection);
    } finally {
      release(connection);
    }
  }

  private static <T> T transact(Work<T> work, Connection connection)
      throws SQLException, UnknownOutcomeException {
    T outcome;
    try {
      connection.setAutoCommit(false);
      outcome = work.run(new Transaction(connection));
    } catch (Throwable e) {
      rollback(connection, e);
      throw e;
    }
    try {
      connection.commit();
    } catch (Throwable e) {
      // The database may have committed, and only its answer was lost.
      throw new UnknownOutcomeException(e);
    }
    return outcome;
  }

  /** What was rolled back is definite. What could not be may yet be committed, by a pool even. */
  private static void rollback(Connection connection, Throwable cause)
      throws UnknownOutcomeException {
    try {
      connection.rollback();
    } catch (Throwable e) {
      cause.addSuppressed(e);
      throw new UnknownOutcomeException(cause);
    }
  }

  private static void release(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Whatever it was used for is over, and well known.
    }
  }

  /** Lets the transactions under way end; those that wait are refused. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    try {
      // Without an interrupt: it would close the files of an embedded H2 that others still use.
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SessionLogException closedFailure() {
    return new SessionLogException(Code.CLOSED, "the JDBC store is closed; open another one");
  }

  /** It may have been committed. */
  private static final class UnknownOutcomeException extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(Throwable cause) {
      super(cause);
    }
  }
}
