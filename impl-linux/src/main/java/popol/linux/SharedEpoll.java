package popol.linux;

import java.io.IOException;
import popol.ffm.NativeMemory;
import popol.spi.SharedPoller;
import popol.unix.UnixCalls;
import popol.unix.UnixHeaders;

/**
 * An {@code epoll} instance that watches those of registries, each until it is found once (EPOLLONESHOT): an instance
 * is readable while it has an event itself (epoll(7)).
 */
final class SharedEpoll implements SharedPoller {

  private static final int ROOM = 256; // events that one wait takes; the others stay for the next one

  private final NativeMemory events = NativeMemory.allocate(ROOM * Epoll.EVENT_SIZE);
  private final NativeMemory change; // guarded by itself
  private final int descriptor;

  SharedEpoll() throws IOException {
    int opened = -1;
    NativeMemory event = null;
    try {
      event = NativeMemory.allocate(Epoll.EVENT_SIZE);
      opened = Libc.epoll_create1(events, LinuxHeaders.EPOLL_CLOEXEC);
    } finally {
      if (opened < 0) {
        events.free();
        if (event != null) {
          event.free();
        }
      }
    }
    if (opened < 0) {
      throw Libc.SYSTEM.failure("epoll_create1", -opened);
    }
    change = event;
    descriptor = opened;
  }

  @Override
  public void arm(long watched, int id) throws IOException {
    int result;
    synchronized (change) {
      change.bytes().putInt(0, LinuxHeaders.EPOLLIN | LinuxHeaders.EPOLLONESHOT).putLong(Epoll.DATA, id);
      result = Libc.epoll_ctl(change, descriptor, LinuxHeaders.EPOLL_CTL_MOD, (int) watched, change.address());
      if (result == -LinuxHeaders.ENOENT) {
        result = Libc.epoll_ctl(change, descriptor, LinuxHeaders.EPOLL_CTL_ADD, (int) watched, change.address());
      }
    }
    if (result < 0) {
      throw Libc.SYSTEM.failure("epoll_ctl", -result);
    }
  }

  @Override
  public int await(int milliseconds, int[] ids) throws IOException {
    int most = Math.min(ROOM, ids.length);
    int result = Libc.epoll_wait(events, descriptor, events.address(), most, milliseconds);
    if (result < 0 && result != -UnixHeaders.EINTR) {
      throw Libc.SYSTEM.failure("epoll_wait", -result);
    }
    for (int i = 0; i < result; i++) {
      ids[i] = (int) events.bytes().getLong(i * Epoll.EVENT_SIZE + Epoll.DATA);
    }
    return Math.max(0, result);
  }

  @Override
  public void close() {
    UnixCalls.close(descriptor);
    synchronized (change) {
      change.free();
    }
    events.free();
  }
}
