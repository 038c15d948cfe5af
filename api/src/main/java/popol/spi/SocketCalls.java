package popol.spi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C functions that tell what a socket is, one method for each, under its name, with the constants in which Unix
 * systems differ. The bundle links, because it is the one with native access.
 *
 * @param getsockname a handle of {@link UnixHeaders#GETSOCKNAME}, errno captured like in all
 * @param getpeername a handle of {@link UnixHeaders#GETPEERNAME}
 * @param getsockopt a handle of {@link UnixHeaders#GETSOCKOPT}
 * @param inet6 the value of AF_INET6
 * @param family where {@code struct sockaddr} has its family: at 0 with two bytes, or at 1 with one, as in the BSDs
 * @param level the value of SOL_SOCKET
 * @param type the value of SO_TYPE
 * @param listening the value of SO_ACCEPTCONN
 * @param keepAlive the value of SO_KEEPALIVE
 */
public record SocketCalls(
    MethodHandle getsockname,
    MethodHandle getpeername,
    MethodHandle getsockopt,
    int inet6,
    long family,
    int level,
    int type,
    int listening,
    int keepAlive) {

  private static final CallState STATE = new CallState(UnixCalls.ERRNO);

  /** {@return 0, or below 0 the negative of errno} */
  int getsockname(int descriptor, MemorySegment name, MemorySegment length, MemorySegment errno) {
    try {
      return STATE.result((int) getsockname.invokeExact(errno, descriptor, name, length), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** {@return 0, or below 0 the negative of errno: the socket has no peer} */
  int getpeername(int descriptor, MemorySegment name, MemorySegment length, MemorySegment errno) {
    try {
      return STATE.result((int) getpeername.invokeExact(errno, descriptor, name, length), errno);
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** The value of an option that is an int, or below 0. */
  int getsockopt(int descriptor, int option, MemorySegment value, MemorySegment length, MemorySegment errno) {
    try {
      length.set(JAVA_INT, 0, Integer.BYTES);
      int result = (int) getsockopt.invokeExact(errno, descriptor, level, option, value, length);
      return result == 0 ? value.get(JAVA_INT, 0) : -1;
    } catch (Throwable e) {
      throw CallState.unexpected(e);
    }
  }

  /** The address family of a {@code struct sockaddr}. */
  int family(MemorySegment name) {
    return family == 1 ? name.get(JAVA_BYTE, family) : name.get(JAVA_SHORT, family);
  }
}
