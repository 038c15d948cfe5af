package popol.check;

/** The write end of a pipe. */
final class PipeWriter extends End {

  private final Way way;

  PipeWriter(Access access, Way way) {
    super(access);
    this.way = way;
  }

  @Override
  int truth() {
    return (way.full ? 0 : Posix.POLLOUT) | (way.hasReader ? 0 : Posix.POLLERR);
  }

  @Override
  void write() {
    if (isOpen() && !way.full) {
      if (access().write(1) == 1) {
        way.unread++;
      } else {
        require(!way.hasReader, "a pipe has room");
      }
    }
  }

  @Override
  void fill() {
    if (isOpen() && way.hasReader) {
      for (int written = access().write(1 << 16); written > 0; written = access().write(1 << 16)) {
        way.unread += written;
      }
      way.full = true;
    }
  }

  @Override
  void gone() {
    way.hasWriter = false;
  }
}
