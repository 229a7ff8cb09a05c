package ai.starcite.examples.gateway.access;

import ai.starcite.examples.gateway.http.Query;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Takes {@code access_token} out of the address before anybody can log it. Browsers cannot give
 * WebSockets and event streams a header.
 */
public final class AccessTokenHandler extends Handler.Wrapper {
  static final String TOKEN = AccessTokenHandler.class.getName() + ".token";
  private static final String PARAMETER = "access_token";

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String query = request.getHttpURI().getQuery();
    if (query == null) {
      return super.handle(request, response, callback);
    }
    List<String> kept = new ArrayList<>();
    for (String parameter : query.split("&")) {
      if (!Query.name(parameter).equals(PARAMETER)) {
        kept.add(parameter);
      } else {
        request.setAttribute(
            TOKEN, Query.parse(parameter).getOrDefault(PARAMETER, List.of("")).get(0));
      }
    }
    String rest = kept.isEmpty() ? null : String.join("&", kept);
    HttpURI uri = HttpURI.build(request.getHttpURI()).query(rest).asImmutable();
    return super.handle(Request.serveAs(request, uri), response, callback);
  }
}
