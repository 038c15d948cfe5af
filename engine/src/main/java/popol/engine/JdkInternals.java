package popol.engine;

import java.io.FileDescriptor;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK has of descriptors, and shows to nobody, by reflection. The way here is the one that breaks least: two
 * public methods of public types of {@code sun.nio.ch}, which need the package to be exported to popol; and for
 * {@code java.net} sockets the fields that hold their implementation, and its protected methods, which need
 * {@code java.net} to be open.
 *
 * <p>Native code is given a {@code FileDescriptor} that is there, and nothing else: it reads a field of what it is
 * given without a look, and takes the JVM down with a null.
 */
final class JdkInternals {

  /** The JVM was started without a flag. */
  static final class DeniedException extends Exception {

    private static final long serialVersionUID = 1;

    DeniedException(Throwable cause) {
      super(cause);
    }
  }

  private static final String PACKAGE = "sun.nio.ch";

  // Looked up by whoever needs them first, or by two at once
  private static volatile @Nullable Method getFDVal;
  private static volatile @Nullable Method fdVal;
  private static volatile @Nullable Class<?> channelType;

  private JdkInternals() {}

  /** The flags that this class needs, for a channel or a {@code FileDescriptor}, or for a socket too. */
  static String flags(String module, boolean socket) {
    String export = "--add-exports java.base/" + PACKAGE + "=" + module;
    return socket ? export + " --add-opens java.base/java.net=" + module : export;
  }

  /** Whether a channel is of the JDK's own. Needs no flag. */
  static boolean isOwn(SelectableChannel channel) {
    try {
      Class<?> type = channelType;
      if (type == null) {
        type = type("SelChImpl");
        channelType = type;
      }
      return type.isInstance(channel);
    } catch (ClassNotFoundException e) {
      throw unknown(e);
    }
  }

  /** The descriptor of a channel of the JDK's own. */
  static int descriptor(SelectableChannel channel) throws DeniedException {
    try {
      Method method = getFDVal;
      if (method == null) {
        method = type("SelChImpl").getMethod("getFDVal");
        getFDVal = method;
      }
      return (int) call(method, channel);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** The number in a {@code FileDescriptor}; -1 if it has none, or none any more. */
  static int descriptor(FileDescriptor descriptor) throws DeniedException {
    try {
      Method method = fdVal;
      if (method == null) {
        method = type("IOUtil").getMethod("fdVal", FileDescriptor.class);
        fdVal = method;
      }
      return (int) call(method, null, descriptor);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** What a socket hands its calls to, or null. */
  static @Nullable SocketImpl implementation(Socket socket) throws DeniedException {
    return (SocketImpl) field(Socket.class, "impl", socket);
  }

  /** What a listening socket hands its calls to, or null. */
  static @Nullable SocketImpl implementation(ServerSocket socket) throws DeniedException {
    return (SocketImpl) field(ServerSocket.class, "impl", socket);
  }

  /** What a datagram socket hands its calls to, or null. */
  static @Nullable DatagramSocket implementation(DatagramSocket socket) throws DeniedException {
    return (DatagramSocket) field(DatagramSocket.class, "delegate", socket);
  }

  /**
   * The {@code FileDescriptor} of an implementation, or null; its method and not its field, because some have another.
   */
  static @Nullable FileDescriptor fileDescriptor(SocketImpl implementation) throws DeniedException {
    return (FileDescriptor) tell(implementation, "getFileDescriptor");
  }

  /** Whether an implementation is bound, as far as it knows: it has a port. */
  static boolean hasPort(SocketImpl implementation) throws DeniedException {
    return (int) tell(implementation, "getLocalPort") != 0;
  }

  private static Object tell(SocketImpl implementation, String getter) throws DeniedException {
    try {
      Method method = SocketImpl.class.getDeclaredMethod(getter);
      open(method);
      return call(method, implementation);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  private static @Nullable Object field(Class<?> type, String name, Object object) throws DeniedException {
    try {
      Field field = type.getDeclaredField(name);
      open(field);
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** By the boot loader: that of a bundle looks for {@code java.*} there and for nothing else. */
  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(PACKAGE + "." + name, false, null);
  }

  private static void open(AccessibleObject member) throws DeniedException {
    try {
      member.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw new DeniedException(e);
    }
  }

  private static Object call(Method method, @Nullable Object object, Object... arguments) throws DeniedException {
    try {
      return method.invoke(object, arguments);
    } catch (IllegalAccessException e) {
      throw new DeniedException(e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(method + " failed", e.getCause());
    }
  }

  private static IllegalStateException unknown(ReflectiveOperationException e) {
    return new IllegalStateException("this JDK (" + Runtime.version()
        + ") does not show descriptors in the way that popol knows: register Source.of(descriptor, channel),"
        + " or tell the maintainers of popol", e);
  }
}
