package popol.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import popol.spi.CFunction;
import popol.spi.WakeHandle;

/** An {@code eventfd}: a counter that is readable while it is not 0. */
final class EventFd implements WakeHandle {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment count = CFunction.pointer(arena.allocate(LinuxHeaders.EVENTFD_T));
  private final int descriptor;

  EventFd() throws IOException {
    descriptor = Libc.eventfd(0, LinuxHeaders.EFD_CLOEXEC | LinuxHeaders.EFD_NONBLOCK);
    if (descriptor < 0) {
      arena.close();
      throw Libc.unix().failure("eventfd", -descriptor);
    }
  }

  @Override
  public long descriptor() {
    return descriptor;
  }

  /** The counter is 0 or 1, as the engine sets it once before it is reset. */
  @Override
  public void set() {
    Libc.eventfd_write(descriptor, 1);
  }

  @Override
  public void reset() {
    Libc.eventfd_read(descriptor, count);
  }

  @Override
  public void close() {
    Libc.close(descriptor);
    arena.close();
  }
}
