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

  /**
   * Sources up to which {@code poll} waits: from three on a wait by {@code epoll} is the cheaper one by more than
   * opening it costs a registry that waits a few times only; see bench.
   */
  private static final int FEW = 2;

  /** {@code ppoll} or {@code epoll} has every registry wait in that way; a number replaces {@link #FEW}. */
  private static final String FORCED = System.getProperty("popol.linux.mechanism");

  private static final int LIMIT = limit(FORCED);

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
    return LIMIT == LinuxPoller.NEVER_POLL ? "epoll" : LIMIT == LinuxPoller.ALWAYS_POLL ? "ppoll" : MECHANISM;
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
    return new LinuxPoller(LIMIT);
  }

  private static int limit(String forced) {
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
      throw new IllegalStateException("popol.linux.mechanism is " + forced + "; it can be ppoll, epoll, or the number"
          + " of sources up to which ppoll waits and above which epoll does", e);
    }
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
