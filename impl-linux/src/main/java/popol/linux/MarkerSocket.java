package popol.linux;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadLocalRandom;
import popol.ffm.NativeFunction;
import popol.ffm.NativeMemory;
import popol.unix.UnixHeaders;

/**
 * A socket of popol's own, never bound or connected, whose descriptor is known: it is the one on which the kernel shows
 * four random numbers of 16 bits, one after another, that Java sets an option of the socket to.
 */
final class MarkerSocket implements AutoCloseable {

  private static final int ROUNDS = 4;
  private static final int NUMBERS = 65_535; // that the option can be set to, from 1 on

  private static final NativeFunction GETSOCKOPT = NativeFunction.of(UnixHeaders.GETSOCKOPT);

  private static final int SIZE = (int) LookupHeaders.LINGER.byteSize();
  private static final int LINGER = Integer.BYTES; // in struct linger, behind the switch
  private static final int LENGTH = SIZE; // a socklen_t, behind the struct

  final SocketChannel channel;
  private final NativeMemory memory;
  private int number; // that the option was set to last

  private MarkerSocket(SocketChannel channel, NativeMemory memory) {
    this.channel = channel;
    this.memory = memory;
  }

  static MarkerSocket open() throws IOException {
    SocketChannel channel = SocketChannel.open();
    NativeMemory memory = null;
    try {
      channel.configureBlocking(false);
      memory = NativeMemory.allocate(SIZE + Integer.BYTES);
      MarkerSocket marker = new MarkerSocket(channel, memory);
      marker.next();
      return marker;
    } catch (Throwable t) {
      if (memory != null) {
        memory.free();
      }
      channel.close();
      throw t;
    }
  }

  /** Whether this socket has a descriptor. */
  boolean has(int descriptor) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      if (linger(descriptor) != number) {
        return false;
      }
      next();
    }
    return true;
  }

  private void next() throws IOException {
    number = ThreadLocalRandom.current().nextInt(NUMBERS) + 1;
    channel.setOption(StandardSocketOptions.SO_LINGER, number);
  }

  /** The option of a socket in seconds; -1 if that is switched off, or the descriptor is no socket. */
  private int linger(int descriptor) {
    memory.bytes().putInt(0, 0).putInt(LENGTH, SIZE);
    int result = (int) GETSOCKOPT.call(memory, descriptor, LinuxHeaders.SOL_SOCKET, LookupHeaders.SO_LINGER,
        memory.address(), memory.address() + LENGTH);
    return result == 0 && memory.bytes().getInt(0) != 0 ? memory.bytes().getInt(LINGER) : -1;
  }

  @Override
  public void close() throws IOException {
    memory.free();
    channel.close();
  }
}
