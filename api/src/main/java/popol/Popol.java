package popol;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service: opens registries on this operating system.
 *
 * <p>In OSGi it is a declarative service of bundle scope, so that every bundle has its own:
 *
 * {@snippet :
 * @Reference Popol popol;
 * }
 *
 * <p>Stopping the bundle that got it, stopping the implementation bundle, or giving the service back closes the
 * registries and pipes that it opened, and their waits end with {@code ClosedSelectorException}: keep the service as
 * long as its registries. Elsewhere it is found by {@link java.util.ServiceLoader}; {@link Sources#open()} does that.
 *
 * <p>All methods can be called from any thread.
 */
@ProviderType
public interface Popol {

  /**
   * The provider for this operating system among those on the class path or in the module layer of popol.
   *
   * @return the provider
   * @throws IllegalStateException if there is none, or more than one; the message says what to do
   */
  static Popol provider() {
    return Providers.find();
  }

  /** {@return whether this provider is for the operating system that the JVM runs on} */
  boolean isSupported();

  /** {@return the name of the native call that waits, such as {@code ppoll}} */
  String mechanism();

  /**
   * Opens an empty registry.
   *
   * @param <K> the type of the keys, which are used in a hash map: they need {@code equals} and {@code hashCode}
   * @return an open registry, to be closed by the caller
   * @throws IOException if the system has no descriptors or memory left
   * @throws IllegalStateException if this provider is not for this operating system, may not call native code (the
   *     message names the flag), or its bundle has been stopped
   */
  <K> Sources<K> open() throws IOException;

  /**
   * Opens a pipe to read from.
   *
   * @return a pipe, open at both ends, to be closed by the caller
   * @throws IOException if the system has no descriptors left
   * @throws IllegalStateException as {@link #open()}
   */
  PipeSource openPipe() throws IOException;

  /**
   * Opens a pipe to write to.
   *
   * @return a pipe, open at both ends, to be closed by the caller
   * @throws IOException if the system has no descriptors left
   * @throws IllegalStateException as {@link #open()}
   */
  PipeSink openSink() throws IOException;
}
