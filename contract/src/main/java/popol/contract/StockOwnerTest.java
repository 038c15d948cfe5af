package popol.contract;

import java.io.FileInputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** Objects in a JVM without flags that may stand for another socket: refused. */
@PosixOnly
class StockOwnerTest extends StockTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final String BELOW = "may stand for a socket below it: register that one";

  @Test
  @DisplayName("no flags: an SSLSocket may be layered over another socket: refused, and the socket below is found")
  void ssl() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 5, HERE));
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    assertRefused(Source.of(keep(factory.createSocket(HERE, server.getLocalPort()))), BELOW);
    keep(server.accept());
    Socket below = keep(new Socket(HERE, server.getLocalPort()));
    Socket far = keep(server.accept());
    assertRefused(Source.of(factory.createSocket(below, "localhost", server.getLocalPort(), false)), BELOW);
    sources.register("below", Source.of(below), Interest.READ);
    assertHears("below", () -> far.getOutputStream().write('x'));
  }

  @Test
  @DisplayName("no flags: an SSLServerSocket is found")
  void sslServer() throws Exception {
    ServerSocket server = keep(SSLServerSocketFactory.getDefault().createServerSocket(0, 5, HERE));
    sources.register("server", Source.of(server), Interest.READ);
    assertHears("server", () -> keep(new Socket(HERE, server.getLocalPort())));
  }

  @Test
  @DisplayName("no flags: sockets of users' classes are refused, and their channels are found")
  void subclasses() throws Exception {
    ServerSocket server = keep(new WrapperSockets.Accepting(Link.anyPort()));
    assertRefused(Source.of(server), BELOW);
    Socket to = keep(new Socket(HERE, server.getLocalPort()));
    assertRefused(Source.of(keep(new WrapperSockets.Client(to))), BELOW);
    assertRefused(Source.of(keep(server.accept())), BELOW);
    assertRefused(Source.of(keep(new DatagramSocket(0, HERE) {})), BELOW);
    assertRefused(Source.of(new CustomSocketImpl.Of(new CustomSocketImpl(null))), BELOW);
    SocketChannel channel = keep(SocketChannel.open(server.getLocalSocketAddress()));
    sources.register("view", Source.of(channel.socket()), Interest.NONE);
  }

  @Test
  @DisplayName("no flags: a FileDescriptor is refused")
  void fileDescriptor() throws Exception {
    FileInputStream stream = keep(new FileInputStream(System.getProperty("java.home") + "/release"));
    assertRefused(Source.of(stream.getFD()), "only sockets can be found by their addresses");
  }
}
