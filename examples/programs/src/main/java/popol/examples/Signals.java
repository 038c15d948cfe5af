package popol.examples;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import popol.Event;
import popol.Sources;
import popol.Waker;

/**
 * Obeys signals: SIGHUP, on which services read their settings again; SIGWINCH, on which programs ask for the size of
 * their window again; SIGTERM, on which they end.
 *
 * <p>The JVM handles a signal in a thread of its own. The handler wakes the loop and does nothing else, so one thread
 * does all the rest, and nothing is cut off in the middle. Signals that come together are one event.
 */
public final class Signals {

  /** What the program waits for. */
  private enum Key { WORK, HANG_UP, WINDOW, END }

  private Signals() {}

  /**
   * Works until it is told to end.
   *
   * @param args none
   * @throws IOException if the wait fails
   * @throws InterruptedException never, since nobody interrupts
   * @throws ReflectiveOperationException if this JVM does not handle signals
   */
  public static void main(String[] args) throws IOException, InterruptedException, ReflectiveOperationException {
    try (Sources<Key> sources = Sources.open()) {
      on("HUP", sources.waker(Key.HANG_UP));
      on("WINCH", sources.waker(Key.WINDOW));
      on("TERM", sources.waker(Key.END));
      sources.timer(Key.WORK, Duration.ZERO, Duration.ofSeconds(1));
      System.out.println("working as process " + ProcessHandle.current().pid());
      int done = 0;
      while (sources.contains(Key.END)) {
        for (Event<Key> event : sources.poll()) {
          switch (event.key()) {
            case WORK -> done++;
            case HANG_UP -> System.out.println("reads its settings again");
            case WINDOW -> System.out.println("asks for the window's size");
            case END -> sources.unregister(Key.END);
          }
        }
      }
      System.out.println("ends in order, after " + done + " pieces of work");
    }
  }

  /**
   * Has a signal wake the loop. {@code sun.misc.Signal} is in the JDK's module {@code jdk.unsupported}, and the
   * compiler warns of its name, so it is asked by reflection. With the name it is
   * {@code Signal.handle(new Signal(signal), received -> waker.wake())}. Who needs SIGTERM alone can do without it: a
   * shutdown hook that wakes the loop, and waits for its end.
   */
  private static void on(String signal, Waker waker) throws ReflectiveOperationException {
    Class<?> signals = Class.forName("sun.misc.Signal");
    Class<?> handlers = Class.forName("sun.misc.SignalHandler");
    Object handler = Proxy.newProxyInstance(handlers.getClassLoader(), new Class<?>[] {handlers},
        (proxy, method, received) -> {
          waker.wake();
          return null;
        });
    signals.getMethod("handle", signals, handlers).invoke(null,
        signals.getConstructor(String.class).newInstance(signal),
        handler);
  }
}
