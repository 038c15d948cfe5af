package popol.itest.probe;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Future;

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
   * Opens a registry and closes it.
   *
   * @throws IOException if the system has no descriptors left
   */
  void open() throws IOException;

  /**
   * Opens a registry as a program without OSGi does, which cannot work in a bundle.
   *
   * @throws IOException if the system has no descriptors left
   */
  void openWithoutService() throws IOException;

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
}
