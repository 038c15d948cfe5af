package popol.macos;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.ServiceScope;
import popol.PipeSource;
import popol.Popol;
import popol.spi.AbstractPopol;
import popol.spi.Modules;
import popol.spi.NativePipe;
import popol.spi.Poller;
import popol.spi.SocketCalls;
import popol.spi.WakeHandle;

/** The service on macOS: a declarative service of bundle scope, or a provider of {@code ServiceLoader}. */
@Component(
    service = Popol.class,
    scope = ServiceScope.BUNDLE,
    property = {"popol.os=macos", "popol.mechanism=" + MacosPopol.MECHANISM})
public class MacosPopol extends AbstractPopol {

  static final String MECHANISM = "poll";

  /** Called by {@code ServiceLoader} and by the component runtime. */
  public MacosPopol() {}

  @Deactivate
  void stop() {
    closeAll();
  }

  @Override
  public boolean isSupported() {
    return System.getProperty("os.name").startsWith("Mac");
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
      throw Modules.nativeAccessDenied(MacosPopol.class, denied);
    }
  }

  @Override
  protected SocketCalls socketCalls() {
    return LibSystem.sockets();
  }

  @Override
  protected Poller openPoller() {
    return new MacosPoller();
  }

  @Override
  protected WakeHandle openWakeHandle() throws IOException {
    return new WakePipe();
  }

  /** A child that opens {@code /dev/fd/N} shares the file description, so the write end stays blocking. */
  @Override
  protected PipeSource newPipe() throws IOException {
    int[] ends = LibSystem.openPipe();
    return new NativePipe(this, LibSystem.unix(), ends[0], ends[1]);
  }
}
