package popol.linux;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.spi.WakeHandle;
import popol.unix.UnixCalls;

/** An {@code eventfd} (eventfd(2)): a counter that is readable while it is not 0. */
final class EventFd implements WakeHandle {

  private final NativeMemory memory = NativeMemory.allocate(Long.BYTES); // the counter that is read
  private final int descriptor;

  EventFd() throws IOException {
    UnixCalls.link(); // closing may happen when no class can be loaded any more
    descriptor = Libc.eventfd(memory, 0, LinuxHeaders.EFD_CLOEXEC | LinuxHeaders.EFD_NONBLOCK);
    if (descriptor < 0) {
      memory.free();
      throw Libc.SYSTEM.failure("eventfd", -descriptor);
    }
  }

  @Override
  public long descriptor() {
    return descriptor;
  }

  @Override
  public void set() throws IOException {
    int result = Libc.eventfd_write(memory, descriptor, 1);
    if (result < 0) {
      throw Libc.SYSTEM.failure("eventfd_write", -result);
    }
  }

  @Override
  public boolean reset() {
    Libc.eventfd_read(memory, descriptor, memory.address());
    return true; // it has no other end that could go
  }

  @Override
  public void close() {
    UnixCalls.close(descriptor);
    memory.free();
  }
}
