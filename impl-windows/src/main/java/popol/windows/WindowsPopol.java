package popol.windows;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.ServiceScope;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.spi.AbstractPopol;
import popol.spi.Modules;
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
  @SuppressWarnings("restricted") // asks whether native access is granted
  protected void link() {
    try {
      MemorySegment.NULL.reinterpret(0);
    } catch (IllegalCallerException denied) {
      throw Modules.nativeAccessDenied(WindowsPopol.class, denied);
    }
    Winsock.startUp();
  }

  @Override
  protected Poller openPoller() {
    return new WindowsPoller();
  }

  @Override
  protected WakeHandle openWakeHandle() throws IOException {
    return new WakeSocket();
  }

  @Override
  protected PipeSource newPipe() throws IOException {
    return NamedPipe.open(this::forget);
  }

  /** A SOCKET is a handle of any value but INVALID_SOCKET; 0 is standard input. */
  @Override
  protected void check(Source source, long descriptor) {
    if (source.owner() instanceof FileDescriptor && descriptor != StandardInput.DESCRIPTOR) {
      throw new IllegalArgumentException(source + " is not a socket, and WSAPoll waits on sockets alone: on Windows have"
          + " a thread read it and wake the registry");
    }
    if (descriptor == WindowsHeaders.INVALID_SOCKET) {
      throw new IllegalArgumentException(descriptor + " is INVALID_SOCKET");
    }
  }
}
