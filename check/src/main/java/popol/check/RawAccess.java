package popol.check;

import popol.Source;

/** A raw number. */
final class RawAccess implements Access {

  private final int descriptor;
  private boolean open = true;

  RawAccess(int descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public Source source() {
    return Source.of(descriptor);
  }

  @Override
  public int descriptor() {
    return descriptor;
  }

  @Override
  public boolean isRaw() {
    return true;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public int read(int count) {
    return Posix.read(descriptor, count);
  }

  @Override
  public int write(int count) {
    return Posix.write(descriptor, count);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      Posix.close(descriptor);
    }
  }
}
