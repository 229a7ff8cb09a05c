package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real browser without a window: Debian's Chromium. */
final class Browser implements AutoCloseable {
  private static final File CHROMIUM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");

  final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts it. Where there is none the test is skipped, or fails if one is required. */
  static Browser start(Path profile) {
    if (!CHROMIUM.canExecute() || !DRIVER.canExecute()) {
      String reason = "the page is tested with " + CHROMIUM + " and " + DRIVER + ", not found here";
      if ("required".equals(System.getenv("STARCITE_BROWSER"))) {
        fail(reason);
      }
      abort(reason);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,860",
        "--user-data-dir=" + profile);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).usingAnyFreePort().build();
    return new Browser(new ChromeDriver(service, options));
  }

  void open(String url) {
    driver.get(url);
  }

  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** The seqs of what is shown, from top to bottom. */
  @SuppressWarnings("unchecked")
  List<Long> seqs() {
    return ((List<String>)
            script("return [...document.querySelectorAll('.entry')].map(e => e.dataset.firstSeq)"))
        .stream().map(Long::valueOf).toList();
  }

  String text(String id) {
    return (String) script("return document.getElementById(arguments[0]).textContent", id);
  }

  String state() {
    return (String) script("return document.getElementById('state').dataset.state");
  }

  @Override
  public void close() {
    driver.quit();
  }
}
