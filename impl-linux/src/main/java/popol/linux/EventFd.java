package popol.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import popol.spi.CallState;
import popol.spi.WakeHandle;

/** An {@code eventfd}: a counter that is readable while it is not 0. */
final class EventFd implements WakeHandle {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = CallState.allocate(arena);
  private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
  private final MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
  private final int descriptor;

  EventFd() throws IOException {
    descriptor = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK, errno);
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
