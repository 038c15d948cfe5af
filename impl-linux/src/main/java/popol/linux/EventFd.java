package popol.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CallState;
import popol.spi.WakeHandle;

/** An {@code eventfd}: a counter that is readable while it is not 0. */
final class EventFd implements WakeHandle {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = CallState.allocate(arena);
  private final MemorySegment one = arena.allocateFrom(LinuxHeaders.EVENTFD_T, 1L);
  private final MemorySegment count = arena.allocate(LinuxHeaders.EVENTFD_T);
  private final int descriptor;

  EventFd() throws IOException {
    descriptor = Libc.eventfd(0, LinuxHeaders.EFD_CLOEXEC | LinuxHeaders.EFD_NONBLOCK, errno);
    if (descriptor < 0) {
      arena.close();
      throw Libc.unix().failure("eventfd", -descriptor);
    }
  }

  @Override
  public long descriptor() {
    return descriptor;
  }

  /** Cannot fail: the counter is 0 or 1. */
  @Override
  public void set() {
    Libc.unix().write(descriptor, one, errno);
  }

  @Override
  public void reset() {
    Libc.unix().read(descriptor, count, errno);
  }

  @Override
  public void close() {
    Libc.unix().close(descriptor, errno);
    arena.close();
  }
}
