package popol.spi;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.Sources;

/**
 * The service for one operating system, to be extended by an implementation bundle, which says what its system differs
 * in. Keeps what it has opened and closes it when it goes away itself, so that nothing outlives a plugin.
 */
public abstract class AbstractPopol implements Popol {

  private final Set<AutoCloseable> opened = new HashSet<>(); // guarded by itself, like closed
  private boolean closed;

  /** For implementation bundles. */
  protected AbstractPopol() {}

  /**
   * Binds the native calls that a registry needs, if that has not been done.
   *
   * @throws IllegalStateException if this bundle may not call native code; the message names the flag
   */
  protected abstract void link();

  /**
   * Opens the kernel's half of a registry.
   *
   * @return an empty poller
   * @throws IOException if the kernel has no room for it
   */
  protected abstract Poller openPoller() throws IOException;

  /**
   * Opens a wake handle.
   *
   * @return one that is not set
   * @throws IOException if the kernel has no room for it
   */
  protected abstract WakeHandle openWakeHandle() throws IOException;

  /**
   * Opens a pipe with a descriptor at both ends, the read end non-blocking.
   *
   * @return the pipe, which calls {@link #forget} when it is closed
   * @throws IOException if the kernel has no room for it
   */
  protected abstract PipeSource newPipe() throws IOException;

  /**
   * The calls by which a socket is found by its addresses, where the JVM was started without the flags.
   *
   * @return the calls, or null if this system has none that do
   */
  protected SocketCalls socketCalls() {
    return null;
  }

  /**
   * Says whether this system can wait on a source at all.
   *
   * @param source what a user gave
   * @param descriptor its descriptor
   * @throws IllegalArgumentException if it cannot
   */
  protected void check(Source source, long descriptor) {
    if (descriptor < 0 || descriptor > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(descriptor + " is not a file descriptor");
    }
  }

  @Override
  public final <K> Sources<K> open() throws IOException {
    requireUsable();
    Poller poller = openPoller();
    WakeHandle handle = null;
    Registry<K> registry;
    try {
      handle = openWakeHandle();
      registry = new Registry<>(this, poller, handle);
    } catch (IOException | RuntimeException | Error e) {
      poller.close();
      if (handle != null) {
        handle.close();
      }
      throw e;
    }
    return keep(registry); // which closes it, and all it has, if it is too late to open one
  }

  @Override
  public final PipeSource openPipe() throws IOException {
    requireUsable();
    return keep(newPipe());
  }

  /** Closes all that was opened through this instance; nothing can be opened after. Can be called again. */
  protected final void closeAll() {
    List<AutoCloseable> all;
    synchronized (opened) {
      closed = true;
      all = new ArrayList<>(opened);
    }
    // Registries first: a pipe that is closed under a wait ends it with an event and not with the exception.
    all.sort(Comparator.comparing(PipeSource.class::isInstance));
    for (AutoCloseable one : all) {
      close(one);
    }
  }

  /**
   * Lets go of what has been closed.
   *
   * @param one a registry or pipe that this instance opened
   */
  protected final void forget(AutoCloseable one) {
    synchronized (opened) {
      opened.remove(one);
    }
  }

  private void requireUsable() {
    if (!isSupported()) {
      throw new IllegalStateException(
          getClass().getName() + " does not work on " + System.getProperty("os.name"));
    }
    link();
  }

  private <T extends AutoCloseable> T keep(T one) {
    synchronized (opened) {
      if (!closed) {
        opened.add(one);
        return one;
      }
    }
    close(one);
    throw new IllegalStateException("the popol service has been given back or its bundle was stopped: get it again");
  }

  private static void close(AutoCloseable one) {
    switch (one) {
      case Sources<?> sources -> sources.close();
      case PipeSource pipe -> pipe.close();
      default -> throw new AssertionError(one);
    }
  }
}
