package popol.host.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Prints each problem once, and when it is over. It looks again and again, because a file that is ignored tells nobody;
 * what two looks in a row see is no transition.
 */
@Component(service = {}, immediate = true)
public final class Reporter {

  private static final String PLUGINS = "popol.host.plugins"; // the launcher's property: the folder
  private static final long INTERVAL = 500; // milliseconds, as the folder's watcher has it

  private final Files files;
  private final Bundles bundles;
  private final Components components;
  private final Thread thread;
  private final Map<String, String> printed = new TreeMap<>(); // problems, by what has them; the thread's, like seen
  private Map<String, String> seen = Map.of();
  private volatile boolean stopped;

  /**
   * Starts to look.
   *
   * @param context of this bundle
   * @param runtime knows the components
   */
  @Activate
  public Reporter(BundleContext context, @Reference ServiceComponentRuntime runtime) {
    files = new Files(context, Path.of(context.getProperty(PLUGINS)));
    bundles = new Bundles(context);
    components = new Components(runtime);
    thread = Thread.ofPlatform().daemon().name("host report").start(this::run);
  }

  private void run() {
    try {
      while (!stopped) {
        look();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException end) {
      // stopped
    } catch (IllegalStateException e) {
      if (!stopped) { // the framework's objects are not valid any more where it is being stopped
        throw e;
      }
    }
  }

  private void look() {
    Map<String, String> problems = new LinkedHashMap<>();
    problems.putAll(files.problems());
    problems.putAll(bundles.problems());
    problems.putAll(components.problems());
    for (Map.Entry<String, String> problem : problems.entrySet()) {
      String text = problem.getValue();
      if (text.equals(seen.get(problem.getKey())) && !text.equals(printed.put(problem.getKey(), text))) {
        System.out.println("problem: " + problem.getKey() + " " + text);
      }
    }
    for (String over : printed.keySet().stream().filter(subject -> !problems.containsKey(subject)).toList()) {
      printed.remove(over);
      System.out.println("solved: " + over);
    }
    seen = problems;
  }

  /**
   * Ends it.
   *
   * @throws InterruptedException if the thread that stops this bundle is interrupted
   */
  @Deactivate
  void stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join();
  }
}
