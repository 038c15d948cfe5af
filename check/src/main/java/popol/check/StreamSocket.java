package popol.check;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** One of two connected stream sockets, of TCP or the Unix domain. */
final class StreamSocket extends End {

  private static final int MUCH = 1000; // bytes that have room in any case

  private final boolean tcp;
  private StreamSocket peer = this; // until it is connected
  private int unread; // bytes that the peer has sent
  private boolean full; // the peer has no room
  private boolean urgent; // an urgent byte can be taken
  private boolean urgentUnread; // the urgent byte has not been passed by a read
  private boolean shutIn;
  private boolean shutOut;
  private boolean ended; // the peer sends no more
  private boolean dead; // the connection was reset, or a Unix peer closed
  private boolean error;
  private boolean resets; // the connection when it is closed, also if nothing is unread
  private boolean gone;

  StreamSocket(Access access, boolean tcp) {
    super(access);
    this.tcp = tcp;
  }

  void connect(StreamSocket other) {
    peer = other;
    other.peer = this;
  }

  @Override
  int truth() {
    boolean noInput = ended || shutIn || dead;
    boolean noOutput = shutOut || dead || !tcp && peer.shutIn;
    return (unread > 0 || noInput ? Posix.POLLIN : 0)
        | (tcp && noOutput || !peer.full ? Posix.POLLOUT : 0)
        | (noInput ? Posix.POLLRDHUP : 0)
        | (noInput && noOutput ? Posix.POLLHUP : 0)
        | (error ? Posix.POLLERR : 0)
        | (urgent ? Posix.POLLPRI : 0);
  }

  @Override
  void write() {
    if (!isOpen() || peer.full || peer.unread > MUCH) {
      return;
    }
    int written = access().write(1);
    if (dead || shutOut) {
      error &= !tcp; // TCP has told it
    } else if (!tcp && peer.shutIn) {
      require(written < 0, "a Unix peer that has shut its input takes no byte");
    } else if (peer.gone || tcp && peer.shutIn && peer.shutOut) {
      resetBoth();
    } else {
      require(written == 1, "a socket has room");
      peer.unread++;
    }
  }

  private void resetBoth() {
    reset(this);
    if (!peer.gone) {
      reset(peer);
    }
  }

  private static void reset(StreamSocket socket) {
    socket.dead = true;
    socket.error = true;
  }

  /** Not of TCP, which has room again when it likes. */
  @Override
  void fill() {
    if (isOpen() && !tcp && !shutOut && !dead && !peer.shutIn) {
      for (int written = access().write(1 << 16); written > 0; written = access().write(1 << 16)) {
        peer.unread += written;
      }
      peer.full = true;
    }
  }

  @Override
  void read() {
    if (!isOpen()) {
      return;
    }
    while (unread > 0 && !full && !shutIn) {
      readSent();
      unread--;
    }
    while (access().read(1 << 16) > 0) {}
    if (shutIn) {
      return; // the channel has not asked the kernel
    }
    unread = 0;
    full = false;
    urgent = false;
    urgentUnread = false;
    if (!(tcp && ended)) {
      error = false; // the last read has told it; after an end TCP tells the end
    }
  }

  @Override
  void readOne() {
    if (isOpen() && unread > 0 && !full && !shutIn) {
      readSent();
      unread--;
      urgent = false;
      urgentUnread = false;
    }
  }

  @Override
  void shutdownOutput() throws IOException {
    if (isOpen() && !shutOut && !dead && channel() instanceof SocketChannel socket) {
      socket.shutdownOutput();
      shutOut = true;
      peer.ended = true;
    }
  }

  @Override
  void shutdownInput() throws IOException {
    if (isOpen() && !shutIn && !dead && !(tcp && ended && shutOut) && channel() instanceof SocketChannel socket) {
      socket.shutdownInput();
      shutIn = true;
    }
  }

  private Object channel() {
    return access() instanceof ChannelAccess channel ? channel.channel() : this;
  }

  @Override
  void urgent() throws IOException {
    if (tcp && isOpen() && !shutOut && !dead && peer.isOpen() && peer.unread == 0 && !peer.urgentUnread && !peer.shutIn
        && channel() instanceof SocketChannel socket) {
      socket.socket().sendUrgentData(1);
      peer.resetWhenClosed(); // what the kernel does by itself depends on how it has packed the byte
      peer.urgent = true;
      peer.urgentUnread = true;
    }
  }

  @Override
  void takeUrgent() throws IOException {
    if (urgent && !dead && isOpen()) {
      Posix.takeUrgent(descriptor());
      urgent = false;
    }
  }

  @Override
  void reset() throws IOException {
    resetWhenClosed();
    close();
  }

  private void resetWhenClosed() throws IOException {
    if (tcp && isOpen() && channel() instanceof SocketChannel socket) {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      resets = true;
    }
  }

  @Override
  void gone() {
    gone = true;
    boolean lost = unread > 0 || resets;
    if (peer.gone || dead) {
      return;
    }
    if (!tcp) {
      peer.dead = true;
      peer.error |= lost;
      full = false; // what was unread is thrown away
    } else if (!(ended && shutOut)) {
      if (lost) {
        reset(peer);
      } else {
        peer.ended = true;
      }
    }
  }

  /** Without a connection that the kernel remembers for a minute. */
  @Override
  void release() throws IOException {
    resetWhenClosed();
    super.release();
  }
}
