package popol.check;

/** The read end of a pipe. */
final class PipeReader extends End {

  private final Way way;

  PipeReader(Access access, Way way) {
    super(access);
    this.way = way;
  }

  @Override
  int truth() {
    return (way.unread > 0 ? Posix.POLLIN : 0) | (way.hasWriter ? 0 : Posix.POLLHUP);
  }

  @Override
  void read() {
    if (isOpen()) {
      while (access().read(1 << 16) > 0) {}
      way.drained();
    }
  }

  /** Not of a full pipe: whether that makes room is the kernel's secret. */
  @Override
  void readOne() {
    if (isOpen() && way.unread > 0 && !way.full) {
      require(access().read(1) == 1, "there is a byte");
      way.unread--;
    }
  }

  @Override
  void gone() {
    way.hasReader = false;
  }
}
