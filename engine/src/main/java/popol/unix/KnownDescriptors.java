package popol.unix;

import java.lang.ref.WeakReference;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.util.Arrays;

/**
 * The descriptors that have been found, and whose they are. A descriptor is its owner's as long as the owner is open,
 * so it cannot be another socket's: to know that costs no call to the kernel, and tells sockets apart that have nothing
 * else to be told by. Owners are not kept from being collected.
 */
public final class KnownDescriptors {

  /** By number. Written with the class's lock, read without: what is seen too late is of an owner that is closed. */
  private static volatile Entry[] entries = new Entry[64];

  private static final class Entry extends WeakReference<Object> {

    Entry(Object owner) {
      super(owner);
    }
  }

  private KnownDescriptors() {}

  /**
   * Remembers what was found.
   *
   * @param descriptor the number, found while the owner was open
   * @param owner a channel or socket
   */
  public static synchronized void add(int descriptor, Object owner) {
    if (!isOpen(owner)) {
      return;
    }
    Entry[] all = entries;
    if (descriptor >= all.length) {
      all = Arrays.copyOf(all, Math.max(2 * all.length, descriptor + 1));
    }
    all[descriptor] = new Entry(owner);
    entries = all;
  }

  /** The descriptor of an owner, which is open; below 0 if it is not known. */
  static int descriptor(Object owner) {
    Entry[] all = entries;
    for (int i = 0; i < all.length; i++) {
      Entry entry = all[i];
      if (entry != null && entry.refersTo(owner) && isOpen(owner)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether it is known that a descriptor is another owner's. One that another thread has found to be this owner's
   * meanwhile is not: without it the set of candidates would not hold the true one.
   */
  static boolean isOfAnother(int descriptor, Object sought) {
    Entry[] all = entries;
    Entry entry = descriptor < all.length ? all[descriptor] : null;
    Object owner = entry == null ? null : entry.get();
    return owner != null && owner != sought && isOpen(owner);
  }

  /**
   * Whether an owner is open, and has said so before it closed its descriptor. A socket that fails to connect says so
   * after that, so of an unconnected one it is not known.
   */
  private static boolean isOpen(Object owner) {
    if (owner instanceof Channel channel) {
      return channel.isOpen();
    }
    if (owner instanceof Socket socket) {
      return socket.isConnected() && !socket.isClosed();
    }
    if (owner instanceof ServerSocket socket) {
      return !socket.isClosed();
    }
    return owner instanceof DatagramSocket socket && !socket.isClosed();
  }
}
