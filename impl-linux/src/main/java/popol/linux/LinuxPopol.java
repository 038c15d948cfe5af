package popol.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

/** The service on Linux: a declarative service of bundle scope, or a provider of {@code ServiceLoader}. */
@Component(
    service = Popol.class,
    scope = ServiceScope.BUNDLE,
    property = {"popol.os=linux", "popol.mechanism=" + LinuxPopol.MECHANISM})
public final class LinuxPopol extends AbstractPopol {

  static final String MECHANISM = "ppoll, epoll";

  /** The watches, popol's own included, up to which poll is the cheaper one; see bench. */
  private static final int POLL_AT_MOST = 3;

  private static final String FORCED = System.getProperty("popol.linux.mechanism");
  private static final int MOST = most(FORCED);

  /** Called by {@code ServiceLoader} and by the component runtime. */
  public LinuxPopol() {}

  @Deactivate
  void stop() {
    closeAll();
  }

  @Override
  public boolean isSupported() {
    return System.getProperty("os.name").equals("Linux");
  }

  @Override
  public String mechanism() {
    return FORCED != null ? FORCED : MECHANISM;
  }

  /** Asks before Libc is initialized, because a class whose initializer has failed cannot say why a second time. */
  @Override
  @SuppressWarnings("restricted")
  protected void link() {
    try {
      MemorySegment.NULL.reinterpret(0);
    } catch (IllegalCallerException denied) {
      throw Modules.nativeAccessDenied(LinuxPopol.class, denied);
    }
  }

  @Override
  protected SocketCalls socketCalls() {
    return Libc.sockets();
  }

  @Override
  protected Poller openPoller() {
    return new LinuxPoller(MOST);
  }

  private static int most(String forced) {
    if (forced == null) { // a chain and not a switch, which would have to be linked at start-up
      return POLL_AT_MOST;
    }
    if (forced.equals("epoll")) {
      return 0;
    }
    if (forced.equals("ppoll")) {
      return LinuxPoller.POLL_ALONE;
    }
    throw new IllegalStateException("popol.linux.mechanism is " + forced + "; it can be ppoll or epoll");
  }

  @Override
  protected WakeHandle openWakeHandle() throws IOException {
    return new EventFd();
  }

  /** A child that opens {@code /dev/fd/N} gets a file description of its own, which blocks whatever this one does. */
  @Override
  protected PipeSource newPipe() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      int result = Libc.pipe2(ends, LinuxHeaders.O_CLOEXEC | LinuxHeaders.O_NONBLOCK);
      if (result < 0) {
        throw Libc.unix().failure("pipe2", -result);
      }
      return new NativePipe(this, Libc.unix(),
          ends.getAtIndex(ValueLayout.JAVA_INT, 0), ends.getAtIndex(ValueLayout.JAVA_INT, 1));
    }
  }
}
