package popol.unix;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;

/**
 * Tells sockets that cannot lead through a proxy, such as accepted ones, from others. Through a SOCKS proxy the remote
 * address is not what the kernel has as the peer, and the socket does not tell. But one that can lead there has an
 * implementation above the platform's ({@code SocksSocketImpl}), and others have not.
 */
final class DirectSockets {

  private static final String PLATFORM = "sun.nio.ch.NioSocketImpl";

  /** An option that no socket has: the platform's implementation refuses it without a look at the socket. */
  private static final SocketOption<Boolean> NONE = new SocketOption<>() {

    @Override
    public String name() {
      return "POPOL_NONE";
    }

    @Override
    public Class<Boolean> type() {
      return Boolean.class;
    }
  };

  private DirectSockets() {}

  /**
   * Whether a socket asks the platform's implementation itself, as the stack of its refusal shows.
   *
   * @param socket of the class {@code Socket}, connected
   * @return whether it is certain that it does
   */
  static boolean contains(Socket socket) throws IOException {
    try {
      Boolean ignored = socket.getOption(NONE);
      return false;
    } catch (UnsupportedOperationException refused) {
      StackTraceElement[] stack = refused.getStackTrace();
      return stack.length > 1
          && stack[0].getClassName().equals(PLATFORM)
          && stack[1].getClassName().equals(Socket.class.getName());
    }
  }
}
