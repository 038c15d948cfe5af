package popol.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import popol.spi.WakeHandle;

/** An {@code eventfd}: a counter that is readable while it is not 0. */
final class EventFd implements WakeHandle {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = Libc.newErrno(arena);
  private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
  private final MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
  private final int descriptor;

  EventFd() throws IOException {
    descriptor = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK, errno);
    if (descriptor < 0) {
      arena.close();
      throw Libc.failure("eventfd", -descriptor);
    }
  }

  @Override
  public long descriptor() {
    return descriptor;
  }

  /** Cannot fail: the counter is 0 or 1. */
  @Override
  public void set() {
    Libc.FILES.write(descriptor, one, errno);
  }

  @Override
  public void reset() {
    Libc.FILES.read(descriptor, count, errno);
  }

  @Override
  public void close() {
    Libc.FILES.close(descriptor);
    arena.close();
  }
}
