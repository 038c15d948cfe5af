package popol.check;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has the thread that waits for virtual threads start and stop: in each of many copies of popol, waits begin at about
 * the time at which it ends because nobody has waited for a second or two.
 */
public final class SharedWaiters {

  private static final int COPIES = 100;
  private static final String THREAD = "popol-virtual-wait";
  private static final long ENDS = 5_000_000_000L; // nanoseconds, within which the threads are gone

  private SharedWaiters() {}

  /**
   * Runs the check. The JVM ends with status 0 if nothing is wrong.
   *
   * @param arguments how many seconds
   * @throws Exception if a copy of popol cannot be made
   */
  public static void main(String[] arguments) throws Exception {
    long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000_000L;
    AtomicInteger rounds = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < COPIES; i++) {
      Callable<String> round = newCopy();
      threads.add(Thread.ofPlatform().start(() -> {
        while (System.nanoTime() < end) {
          String fault = fault(round);
          rounds.incrementAndGet();
          if (!fault.isEmpty()) {
            wrong.incrementAndGet();
            System.out.println("FAILED: " + fault);
          }
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int left = left();
    System.out.printf("%,d waits of virtual threads in %d copies of popol, each after a pause in which their thread may"
        + " end; %d lost; %d threads left%n", rounds.get(), COPIES, wrong.get(), left);
    System.exit(wrong.get() == 0 && left == 0 ? 0 : 1);
  }

  private static String fault(Callable<String> round) {
    try {
      return round.call();
    } catch (Exception e) {
      return e.toString();
    }
  }

  /** How many of the threads are still there after the time in which they end. */
  private static int left() throws InterruptedException {
    long start = System.nanoTime();
    int count = count();
    while (count > 0 && System.nanoTime() - start < ENDS) {
      Thread.sleep(100); // it is time that is measured here
      count = count();
    }
    return count;
  }

  private static int count() {
    return (int) Thread.getAllStackTraces().keySet().stream().filter(one -> one.getName().equals(THREAD)).count();
  }

  /** A round in a class loader that has loaded popol for itself. */
  @SuppressWarnings("unchecked") // the class is this module's own
  private static Callable<String> newCopy() throws Exception {
    List<URL> path = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
      path.add(url(element));
    }
    @SuppressWarnings("resource") // as long as the JVM runs
    ClassLoader loader = new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    return (Callable<String>) loader.loadClass(SharedWaiterRound.class.getName()).getConstructor().newInstance();
  }

  private static URL url(String element) throws MalformedURLException {
    return Path.of(element).toUri().toURL();
  }
}
