package popol.windows;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.function.Consumer;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;
import popol.engine.AbstractPopol;
import popol.spi.Poller;
import popol.spi.WakeHandle;

/** The service on Windows: a provider of {@code ServiceLoader}, and in OSGi {@link WindowsComponent}. */
public class WindowsPopol extends AbstractPopol {

  static final String MECHANISM = "WSAPoll";

  /** Called by {@code ServiceLoader}. */
  public WindowsPopol() {}

  @Override
  public boolean isSupported() {
    return System.getProperty("os.name").startsWith("Windows");
  }

  @Override
  public String mechanism() {
    return MECHANISM;
  }

  @Override
  protected void prepare() {
    Winsock.startUp();
  }

  @Override
  protected Poller openPoller() {
    return WindowsPoller.open();
  }

  @Override
  protected WakeHandle openWakeHandle() throws IOException {
    return new WakeSocket(SocketPair.open());
  }

  @Override
  protected PipeSource openPipe(Consumer<AutoCloseable> onClose) throws IOException {
    return new NamedPipeSource(onClose);
  }

  @Override
  protected PipeSink openSink(Consumer<AutoCloseable> onClose) throws IOException {
    return new NamedPipeSink(onClose);
  }

  /** A SOCKET is a handle of any value but INVALID_SOCKET; 0 is standard input. */
  @Override
  protected void check(Source source, long descriptor) {
    if (source.owner() instanceof FileDescriptor && descriptor != StandardInput.DESCRIPTOR) {
      throw new IllegalArgumentException(
          source + " is not a socket, and WSAPoll waits on sockets alone: on Windows have"
              + " a thread read it and wake the registry");
    }
    if (descriptor == WindowsHeaders.INVALID_SOCKET) {
      throw new IllegalArgumentException(descriptor + " is INVALID_SOCKET");
    }
  }
}
