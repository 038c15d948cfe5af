package popol.unix;

import popol.ffm.NativeMemory;

/** Asks the kernel about one descriptor after another: what socket it is, if it is one. */
final class SocketLook implements AutoCloseable {

  private static final int LENGTH = SocketName.SIZE; // a socklen_t
  private static final int VALUE = LENGTH + Integer.BYTES;

  /** What the last call wrote. */
  final SocketName name;

  private final UnixSystem system;
  private final NativeMemory memory = NativeMemory.allocate(VALUE + Integer.BYTES);

  SocketLook(UnixSystem system) {
    this.system = system;
    boolean made = false;
    try {
      this.name = new SocketName(system, memory.bytes());
      made = true;
    } finally {
      if (!made) {
        memory.free();
      }
    }
  }

  /** Gets the name that a socket is bound to. Returns 0, or below 0 the negative of errno. */
  int getsockname(int descriptor) {
    memory.bytes().putInt(LENGTH, SocketName.SIZE);
    int result = UnixCalls.getsockname(memory, descriptor, memory.address(), memory.address() + LENGTH);
    name.written(result == 0 ? memory.bytes().getInt(LENGTH) : 0);
    return result;
  }

  /** Gets the name that a socket is connected to. Returns as {@link #getsockname}. */
  int getpeername(int descriptor) {
    memory.bytes().putInt(LENGTH, SocketName.SIZE);
    int result = UnixCalls.getpeername(memory, descriptor, memory.address(), memory.address() + LENGTH);
    name.written(result == 0 ? memory.bytes().getInt(LENGTH) : 0);
    return result;
  }

  /** The type of a socket, such as SOCK_STREAM; below 0 if the descriptor is no socket. */
  int type(int descriptor) {
    return option(descriptor, system.type());
  }

  boolean isListening(int descriptor) {
    return option(descriptor, system.listening()) > 0;
  }

  /** The value of an option that is an int, or below 0. */
  private int option(int descriptor, int option) {
    memory.bytes().putInt(LENGTH, Integer.BYTES);
    int result = UnixCalls.getsockopt(memory, descriptor, system.socketLevel(), option, memory.address() + VALUE,
        memory.address() + LENGTH);
    return result == 0 ? memory.bytes().getInt(VALUE) : result;
  }

  @Override
  public void close() {
    memory.free();
  }
}
