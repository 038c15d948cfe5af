package popol.linux;

import java.io.IOException;
import java.util.function.Consumer;
import popol.PipeSink;
import popol.PipeSource;
import popol.engine.AbstractPopol;
import popol.spi.DescriptorFinder;
import popol.spi.Poller;
import popol.spi.SharedPoller;
import popol.spi.WakeHandle;
import popol.unix.PipeCalls;
import popol.unix.UnixPipeSink;
import popol.unix.UnixPipeSource;

/** The service on Linux: a provider of {@code ServiceLoader}, and in OSGi {@link LinuxComponent}. */
public class LinuxPopol extends AbstractPopol {

  static final String MECHANISM = "ppoll, epoll";

  /**
   * Sources up to which {@code poll} waits: from three on a wait by {@code epoll} is the cheaper one by more than
   * opening it costs a registry that waits a few times only. With one, {@code epoll} costs a wait 1.06 to 1.18 times
   * as much on an AMD EPYC (bench/compare --what wait-now,wait-block, with this property).
   */
  private static final int FEW = 2;

  private static final String PROPERTY = "popol.linux.mechanism";

  /** {@code ppoll} or {@code epoll} has every registry wait in that way; a number replaces {@link #FEW}. */
  private static final String FORCED = System.getProperty(PROPERTY);

  private static final PipeCalls PIPES = new LinuxPipes();

  private int limit; // sources up to which poll waits; set by prepare

  /** Called by {@code ServiceLoader}. */
  public LinuxPopol() {}

  @Override
  public boolean isSupported() {
    return System.getProperty("os.name").equals("Linux");
  }

  @Override
  public String mechanism() {
    return "ppoll".equals(FORCED) || "epoll".equals(FORCED) ? FORCED : MECHANISM;
  }

  @Override
  protected void prepare() {
    limit = limit(FORCED);
  }

  static int limit(String forced) {
    if (forced == null) { // a chain and not a switch, which would have to be linked at start-up
      return FEW;
    }
    if (forced.equals("epoll")) {
      return LinuxPoller.NEVER_POLL;
    }
    if (forced.equals("ppoll")) {
      return LinuxPoller.ALWAYS_POLL;
    }
    try {
      return Math.clamp(Long.parseUnsignedLong(forced), 0, LinuxPoller.ALWAYS_POLL);
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "the system property " + PROPERTY + " is " + forced + "; it can be ppoll, epoll, or"
              + " the number of sources up to which ppoll waits and above which epoll does",
          e);
    }
  }

  @Override
  protected DescriptorFinder finder() {
    return new ChannelFinder(Libc.SYSTEM);
  }

  @Override
  protected Poller openPoller() {
    return new LinuxPoller(limit);
  }

  @Override
  protected WakeHandle openWakeHandle() throws IOException {
    return new EventFd();
  }

  @Override
  protected SharedPoller openSharedPoller() throws IOException {
    return new SharedEpoll();
  }

  @Override
  protected PipeSource openPipe(Consumer<AutoCloseable> onClose) throws IOException {
    return new UnixPipeSource(Libc.SYSTEM, PIPES, onClose);
  }

  @Override
  protected PipeSink openSink(Consumer<AutoCloseable> onClose) throws IOException {
    return new UnixPipeSink(Libc.SYSTEM, PIPES, onClose);
  }
}
