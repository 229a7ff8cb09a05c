package ai.starcite.examples.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** A database to which calls by some names fail, each once: before they do anything, or after. */
final class FaultyDatabase {
  private final DataSource database;
  private final ConcurrentHashMap<String, Boolean> failures = new ConcurrentHashMap<>();

  FaultyDatabase(DataSource database) {
    this.database = database;
  }

  FaultyDatabase failBefore(String method) {
    failures.put(method, true);
    return this;
  }

  FaultyDatabase failAfter(String method) {
    failures.put(method, false);
    return this;
  }

  DataSource dataSource() {
    return wrap(DataSource.class, database);
  }

  private <T> T wrap(Class<T> type, T target) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Boolean before = failures.remove(method.getName());
              if (before != null && before) {
                throw new SQLException("failed before " + method.getName());
              }
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (before != null) {
                throw new SQLException("failed after " + method.getName());
              }
              return result instanceof Connection connection
                  ? wrap(Connection.class, connection)
                  : result;
            });
    return type.cast(proxy);
  }
}
