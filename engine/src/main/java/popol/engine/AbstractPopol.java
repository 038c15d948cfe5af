package popol.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import popol.PipeSink;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.Sources;
import popol.ffm.NativeAccess;
import popol.spi.DescriptorFinder;
import popol.spi.Poller;
import popol.spi.SharedPoller;
import popol.spi.WakeHandle;

/**
 * The service for one operating system, which an implementation bundle extends to say in what its system differs. It
 * keeps what it has opened, and closes that when it is closed itself, so that nothing outlives a plugin.
 */
public abstract class AbstractPopol implements Popol {

  private final Set<AutoCloseable> opened = new HashSet<>(); // guarded by itself, like closed
  private boolean closed;
  private volatile String user = "";

  /** For implementation bundles. */
  protected AbstractPopol() {}

  /**
   * Prepares the system's calls, if that has not been done. Native access has been granted.
   *
   * @throws IllegalStateException if a setting is wrong; the message names it
   */
  protected void prepare() {}

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
   * Opens a pipe to read from.
   *
   * @param onClose to be called with the pipe once it is closed
   * @return the pipe, a {@link popol.spi.HasDescriptor}
   * @throws IOException if the kernel has no room for it
   */
  protected abstract PipeSource openPipe(Consumer<AutoCloseable> onClose) throws IOException;

  /**
   * Opens a pipe to write to.
   *
   * @param onClose to be called with the pipe once it is closed
   * @return the pipe, a {@link popol.spi.HasDescriptor}
   * @throws IOException if the kernel has no room for it
   */
  protected abstract PipeSink openSink(Consumer<AutoCloseable> onClose) throws IOException;

  /**
   * Opens what waits for all registries on which virtual threads wait.
   *
   * @return a shared poller; null if this system has none, so that each such registry has a thread of its own
   * @throws IOException if the kernel has no room for it
   */
  protected @Nullable SharedPoller openSharedPoller() throws IOException {
    return null;
  }

  /**
   * What finds the descriptors of sockets, where the JVM was started without the flags.
   *
   * @return a finder, or null if this system has none
   */
  protected @Nullable DescriptorFinder finder() {
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

  /**
   * Says which bundle uses this instance, for what people are told of its registries.
   *
   * @param name its symbolic name
   * @param version its version
   */
  protected final void usedBy(String name, Object version) {
    user = name + " " + version;
  }

  /** The bundle that has got this instance; empty outside of OSGi. */
  final String user() {
    return user;
  }

  @Override
  public final <K> Sources<K> open() throws IOException {
    requireUsable();
    Poller poller = openPoller();
    WakeHandle handle = null;
    Registry<K> registry;
    OpenRegistry started;
    try {
      handle = openWakeHandle();
      registry = new Registry<>(this, poller, handle);
      started = registry.start();
    } catch (Throwable e) {
      poller.close();
      if (handle != null) {
        handle.close();
      }
      throw e;
    }
    keep(started); // which closes it, and all it has, if it is too late to open one
    return registry;
  }

  @Override
  public final PipeSource openPipe() throws IOException {
    requireUsable();
    PipeSource pipe = openPipe(this::forget);
    keep(pipe);
    return pipe;
  }

  @Override
  public final PipeSink openSink() throws IOException {
    requireUsable();
    PipeSink pipe = openSink(this::forget);
    keep(pipe);
    return pipe;
  }

  /** Closes all that was opened through this instance; nothing can be opened after. Can be called again. */
  protected final void closeAll() {
    List<AutoCloseable> all;
    synchronized (opened) {
      closed = true;
      all = new ArrayList<>(opened);
    }
    // Registries first: a pipe that is closed under a wait ends it with an event and not with the exception.
    Throwable failure = close(all, true, null);
    failure = close(all, false, failure);
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  private static @Nullable Throwable close(List<AutoCloseable> all, boolean registries, @Nullable Throwable earlier) {
    Throwable failure = earlier;
    for (AutoCloseable one : all) {
      if (one instanceof OpenRegistry == registries) {
        Throwable thrown = close(one);
        failure = failure == null ? thrown : failure;
      }
    }
    return failure;
  }

  /** Lets go of what has been closed. */
  final void forget(AutoCloseable one) {
    synchronized (opened) {
      opened.remove(one);
    }
  }

  private void requireUsable() {
    if (!isSupported()) {
      throw new IllegalStateException(
          getClass().getName() + " does not work on " + System.getProperty("os.name"));
    }
    NativeAccess.require();
    prepare();
  }

  private void keep(AutoCloseable one) {
    boolean kept = false;
    try {
      synchronized (opened) {
        if (!closed) {
          kept = opened.add(one);
        }
      }
    } finally {
      if (!kept) {
        close(one);
      }
    }
    if (!kept) {
      throw new IllegalStateException("the popol service has been given back or its bundle was stopped: get it again");
    }
  }

  private static @Nullable Throwable close(AutoCloseable one) {
    try {
      one.close();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }
}
