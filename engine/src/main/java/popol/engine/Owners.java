package popol.spi;

import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import popol.Source;

/**
 * The object a source was made of: whether it is open, and which descriptor it has.
 *
 * <p>The JDK shows no descriptor in public. The way here is the one that breaks least: two public methods of public
 * types of {@code sun.nio.ch} ({@code SelChImpl.getFDVal}, {@code IOUtil.fdVal}), called by reflection, which needs the
 * package to be exported to popol; and for {@code java.net} sockets made without a channel the fields that hold their
 * implementation and its protected descriptor, which needs {@code java.net} to be open. Without these flags a socket is
 * found by its addresses.
 */
final class Owner {

  private static final String INTERNALS = "sun.nio.ch";

  // Looked up by whoever needs them first, or by two at once
  private static volatile Method getFDVal;
  private static volatile Method fdVal;

  private Owner() {}

  /** Whether the owner still has its descriptor. A raw descriptor has no owner to ask: the kernel tells. */
  static boolean isOpen(Object owner) {
    // The most frequent first; a chain and not a switch, which would have to be linked at start-up.
    if (owner instanceof AbstractInterruptibleChannel channel) {
      return channel.isOpen();
    }
    if (owner instanceof Long) {
      return true;
    }
    if (owner instanceof Channel channel) {
      return channel.isOpen();
    }
    if (owner instanceof FileDescriptor descriptor) {
      return descriptor.valid();
    }
    if (owner instanceof Socket socket) {
      return !socket.isClosed();
    }
    if (owner instanceof ServerSocket socket) {
      return !socket.isClosed();
    }
    return !((DatagramSocket) owner).isClosed();
  }

  /**
   * The descriptor.
   *
   * @param popol, table where a socket is looked for by its addresses if the flag is missing
   * @throws IllegalArgumentException if the owner is closed or has none
   * @throws IllegalStateException if the JVM was started without the flag
   */
  static long descriptor(Source source, AbstractPopol popol, Table<?> table) {
    Object owner = source.owner();
    if (!isOpen(owner)) {
      throw new IllegalArgumentException(source + " is closed");
    }
    if (owner instanceof Long descriptor) {
      return descriptor;
    }
    if (isStandard(owner)) {
      return owner == FileDescriptor.in ? 0 : owner == FileDescriptor.out ? 1 : 2;
    }
    if (owner instanceof OpenedPipe pipe) {
      return pipe.descriptor();
    }
    if (owner instanceof Socket socket && !socket.isBound() && !socket.isConnected() && socket.getChannel() == null
        || owner instanceof ServerSocket server && !server.isBound() && server.getChannel() == null) {
      throw new IllegalArgumentException(source + " is neither bound nor connected: it has no descriptor yet");
    }
    try {
      long descriptor = ask(owner);
      if (descriptor < 0) {
        throw new IllegalArgumentException(source + " has no descriptor");
      }
      return descriptor;
    } catch (IllegalAccessException | InaccessibleObjectException denied) {
      return find(source, popol.socketCalls(), table, denied);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK (" + Runtime.version() + ") does not show the descriptor of " + source
          + " in the way that popol knows", e);
    }
  }

  /** Whether two owners have the same descriptor because one is the other, or a view of it. */
  static boolean isSame(Object one, Object other) {
    SelectableChannel channel = channel(one);
    return channel != null ? channel == channel(other) : one == other;
  }

  private static boolean isStandard(Object owner) {
    return owner == FileDescriptor.in || owner == FileDescriptor.out || owner == FileDescriptor.err;
  }

  private static long find(Source source, SocketCalls calls, Table<?> table, Exception denied) {
    String other = "";
    if (calls != null) {
      try {
        return SocketFinder.find(calls, source.owner(), table::owner, (int) table.latest());
      } catch (SocketFinder.NotFoundException e) {
        other = e.getMessage() + "; or ";
      }
    }
    throw new IllegalStateException("popol cannot get at the descriptor of " + source + ": " + other
        + "start the JVM with " + flags(source.owner()), denied);
  }

  private static long ask(Object owner) throws ReflectiveOperationException {
    SelectableChannel channel = channel(owner);
    if (channel != null) {
      return ofChannel(channel);
    }
    if (owner instanceof FileDescriptor descriptor) {
      return ofFileDescriptor(descriptor);
    }
    if (owner instanceof Socket socket) {
      return ofSocketImpl((SocketImpl) field(Socket.class, "impl", socket));
    }
    if (owner instanceof ServerSocket socket) {
      return ofSocketImpl((SocketImpl) field(ServerSocket.class, "impl", socket));
    }
    if (owner instanceof DatagramSocket socket) {
      return ofChannel(((DatagramSocket) field(DatagramSocket.class, "delegate", socket)).getChannel());
    }
    throw new IllegalArgumentException(owner + " has no descriptor that popol knows");
  }

  /** The channel that the owner is, or is a view of; null if there is none. */
  private static SelectableChannel channel(Object owner) {
    if (owner instanceof SelectableChannel channel) {
      return channel;
    }
    if (owner instanceof Socket socket) {
      return socket.getChannel();
    }
    if (owner instanceof ServerSocket socket) {
      return socket.getChannel();
    }
    return owner instanceof DatagramSocket socket ? socket.getChannel() : null;
  }

  private static long ofChannel(SelectableChannel channel) throws ReflectiveOperationException {
    Method method = getFDVal;
    if (method == null) {
      method = internal("SelChImpl").getMethod("getFDVal");
      getFDVal = method;
    }
    if (!method.getDeclaringClass().isInstance(channel)) {
      throw new IllegalArgumentException(channel + " is not a channel of the JDK's own selector provider");
    }
    return (int) call(method, channel);
  }

  private static long ofFileDescriptor(FileDescriptor descriptor) throws ReflectiveOperationException {
    Method method = fdVal;
    if (method == null) {
      method = internal("IOUtil").getMethod("fdVal", FileDescriptor.class);
      fdVal = method;
    }
    return (int) call(method, null, descriptor);
  }

  /** By the boot loader: that of a bundle looks for {@code java.*} there and for nothing else. */
  private static Class<?> internal(String name) throws ClassNotFoundException {
    return Class.forName(INTERNALS + "." + name, false, null);
  }

  private static long ofSocketImpl(SocketImpl impl) throws ReflectiveOperationException {
    Method getter = SocketImpl.class.getDeclaredMethod("getFileDescriptor");
    getter.setAccessible(true); // not the field: a client socket's implementation delegates to another one
    return ofFileDescriptor((FileDescriptor) call(getter, impl));
  }

  private static Object field(Class<?> type, String name, Object object) throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(object);
  }

  private static Object call(Method method, Object object, Object... arguments) throws ReflectiveOperationException {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(method + " failed", e.getCause());
    }
  }

  private static String flags(Object owner) {
    String module = Modules.nameForFlags(Owner.class);
    String export = "--add-exports java.base/" + INTERNALS + "=" + module;
    return channel(owner) != null || owner instanceof FileDescriptor
        ? export
        : export + " --add-opens java.base/java.net=" + module;
  }
}
