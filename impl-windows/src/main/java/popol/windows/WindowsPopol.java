package popol.windows;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.function.Consumer;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.ServiceScope;
import popol.PipeSink;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.engine.AbstractPopol;
import popol.spi.Poller;
import popol.spi.WakeHandle;

/** The service on Windows: a declarative service of bundle scope, or a provider of {@code ServiceLoader}. */
@Component(
    service = Popol.class,
    scope = ServiceScope.BUNDLE,
    property = {"popol.os=windows", "popol.mechanism=" + WindowsPopol.MECHANISM})
public final class WindowsPopol extends AbstractPopol {

  static final String MECHANISM = "WSAPoll";

  /** Called by {@code ServiceLoader} and by the component runtime. */
  public WindowsPopol() {}

  @Activate
  void start(ComponentContext context) {
    usedBy(context.getUsingBundle().getSymbolicName(), context.getUsingBundle().getVersion());
  }

  @Deactivate
  void stop() {
    closeAll();
  }

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
