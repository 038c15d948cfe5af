package popol.itest.probe;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * What a consumer bundle does with its popol service at the wish of a test. All types are the JDK's: the test cannot
 * see popol, which lives in a bundle.
 */
public interface Probe {

  /** {@return the service that was injected, to tell one from another} */
  Object popol();

  /** {@return the name of the native call that waits} */
  String mechanism();

  /**
   * Sends a text through a pipe of popol's and waits for it in a registry.
   *
   * @param text what to send, short enough for a pipe to hold
   * @return what came out
   * @throws Exception if it does not come
   */
  String echo(String text) throws Exception;

  /**
   * Starts a thread that waits without a timeout, on a pipe that stays silent. Neither the registry nor the pipe is
   * ever closed here: that is the service's duty.
   *
   * @param builder makes the thread
   * @return the wait
   * @throws IOException if the system has no descriptors left
   */
  Wait startWait(Thread.Builder builder) throws IOException;

  /**
   * Starts a thread that does the same again and again until it fails, as it must when the service goes away.
   *
   * @param task what to do
   * @return the work
   * @throws IOException if the system has no descriptors left
   */
  Work startWork(Task task) throws IOException;

  /**
   * Starts a thread that listens on the loopback interface and sends back what its peers send, all with one registry.
   * It ends, and closes its sockets, when the registry is closed.
   *
   * @return the server
   * @throws IOException if it cannot listen
   */
  Server startServer() throws IOException;

  /**
   * Opens a registry and closes it.
   *
   * @throws IOException if the system has no descriptors left
   */
  void open() throws IOException;

  /**
   * Opens a registry as a program without OSGi does, which works in a bundle where a mediator runs.
   *
   * @return what the registry says of itself
   * @throws IOException if the system has no descriptors left
   */
  String openWithoutService() throws IOException;

  /**
   * Registers a channel and unregisters it.
   *
   * @param channel an open channel
   * @throws IOException if the system has no descriptors left
   */
  void register(SelectableChannel channel) throws IOException;

  /**
   * A wait under way.
   *
   * @param thread the thread that waits
   * @param end how it ended
   */
  record Wait(Thread thread, Future<?> end) {}

  /** What a thread can do again and again. */
  enum Task {
    /** Registers a pipe and unregisters it, while another thread waits with the same registry. */
    REGISTER,
    /** Opens a registry and a pipe, and closes both. */
    OPEN,
    /** Sends a text through a pipe, waits for it and reads it. */
    ECHO
  }

  /**
   * Work under way.
   *
   * @param thread the thread that works
   * @param end how it ended
   * @param rounds how often the task was done so far
   */
  record Work(Thread thread, Future<?> end, LongSupplier rounds) {}

  /**
   * A server that listens.
   *
   * @param port where
   * @param waiting the wait that it is in while nothing comes
   */
  record Server(int port, Wait waiting) {}
}
