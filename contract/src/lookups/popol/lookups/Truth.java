package popol.lookups;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileDescriptor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.channels.SelectableChannel;
import sun.nio.ch.IOUtil;
import sun.nio.ch.SelChImpl;

/** The true descriptors, which this program may see by flags, and what the kernel says of their mode. */
final class Truth {

  private static final int F_GETFL = 3;
  private static final int O_NONBLOCK = 0x800;
  private static final MethodHandle FCNTL = fcntl();

  private Truth() {}

  @SuppressWarnings("restricted")
  private static MethodHandle fcntl() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow("fcntl"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
  }

  static int descriptor(Object owner) {
    try {
      return switch (owner) {
        case SelectableChannel channel -> ((SelChImpl) channel).getFDVal();
        case Socket socket -> ofImplementation(field(Socket.class, "impl", socket));
        case ServerSocket socket -> ofImplementation(field(ServerSocket.class, "impl", socket));
        case DatagramSocket socket ->
            descriptor(((DatagramSocket) field(DatagramSocket.class, "delegate", socket)).getChannel());
        default -> throw new IllegalArgumentException("no descriptor: " + owner);
      };
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int ofImplementation(Object implementation) throws ReflectiveOperationException {
    Method getter = SocketImpl.class.getDeclaredMethod("getFileDescriptor");
    getter.setAccessible(true);
    return IOUtil.fdVal((FileDescriptor) getter.invoke(implementation));
  }

  private static Object field(Class<?> type, String name, Object object) throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(object);
  }

  static boolean isNonBlocking(int descriptor) {
    try {
      return ((int) FCNTL.invokeExact(descriptor, F_GETFL) & O_NONBLOCK) != 0;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
