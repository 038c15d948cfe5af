package popol.check;

/** One of two datagram sockets that send to each other. */
final class DatagramSide extends End {

  private static final int MANY = 20;

  private DatagramSide peer = this; // until there is another
  private int unread; // datagrams
  private boolean error; // the last datagram found nobody
  private boolean gone;

  DatagramSide(Access access) {
    super(access);
  }

  void connect(DatagramSide other) {
    peer = other;
    other.peer = this;
  }

  @Override
  int truth() {
    return Posix.POLLOUT | (unread > 0 ? Posix.POLLIN : 0) | (error ? Posix.POLLERR : 0);
  }

  @Override
  void write() {
    if (!isOpen() || peer.unread > MANY) {
      return;
    }
    int written = access().write(1);
    if (error) {
      error = false; // told instead of being sent
    } else if (peer.gone) {
      error = true;
    } else {
      require(written == 1, "a datagram socket has room");
      peer.unread++;
    }
  }

  @Override
  void read() {
    if (isOpen()) {
      if (error) {
        access().read(1);
        error = false;
      }
      while (unread > 0) {
        readOne();
      }
    }
  }

  @Override
  void readOne() {
    if (isOpen() && unread > 0 && !error) {
      readSent();
      unread--;
    }
  }

  @Override
  void gone() {
    gone = true;
  }
}
