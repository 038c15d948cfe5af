package popol.macos;

import java.io.IOException;
import java.util.function.Consumer;
import popol.PipeSink;
import popol.PipeSource;
import popol.engine.AbstractPopol;
import popol.spi.DescriptorFinder;
import popol.spi.Poller;
import popol.spi.WakeHandle;
import popol.unix.OpenDescriptors;
import popol.unix.SocketFinder;
import popol.unix.UnixPipeSink;
import popol.unix.UnixPipeSource;

/** The service on macOS: a provider of {@code ServiceLoader}, and in OSGi {@link MacosComponent}. */
public class MacosPopol extends AbstractPopol {

  static final String MECHANISM = "poll";

  private static final MacosPipes PIPES = new MacosPipes();

  /** Called by {@code ServiceLoader}. */
  public MacosPopol() {}

  @Override
  public boolean isSupported() {
    return System.getProperty("os.name").startsWith("Mac");
  }

  @Override
  public String mechanism() {
    return MECHANISM;
  }

  @Override
  protected DescriptorFinder finder() {
    return new SocketFinder(LibSystem.SYSTEM, OpenDescriptors.listedIn("/dev/fd"));
  }

  @Override
  protected Poller openPoller() {
    return MacosPoller.open(new MacosPollArray());
  }

  @Override
  protected WakeHandle openWakeHandle() throws IOException {
    return new WakePipe();
  }

  @Override
  protected PipeSource openPipe(Consumer<AutoCloseable> onClose) throws IOException {
    return new UnixPipeSource(LibSystem.SYSTEM, PIPES, onClose);
  }

  @Override
  protected PipeSink openSink(Consumer<AutoCloseable> onClose) throws IOException {
    return new UnixPipeSink(LibSystem.SYSTEM, PIPES, onClose);
  }
}
