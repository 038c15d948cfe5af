package popol.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A proxy that connects its clients to itself: what arrives at the far end of a connection is given to the test,
 * whatever the client wanted to reach.
 */
final class ProxyServer implements AutoCloseable {

  private static final byte[] SOCKS_METHOD = {5, 0};
  private static final byte[] SOCKS_DONE = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  private static final byte[] HTTP_DONE = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final Proxy.Type type;
  private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

  ProxyServer(Proxy.Type type) throws IOException {
    this.type = type;
  }

  Proxy proxy() {
    return new Proxy(type, server.getLocalSocketAddress());
  }

  /** The two ends of a connection through the proxy. */
  record Ends(Socket near, Socket far) {}

  /**
   * Connects through the proxy.
   *
   * @param near a socket that was made with {@link #proxy()}
   * @param target what it is told to reach, which nobody connects to
   */
  Ends connect(Socket near, InetSocketAddress target) throws Exception {
    Socket[] far = new Socket[1];
    Thread accepting = Thread.ofPlatform().start(() -> {
      try {
        far[0] = server.accept();
        greet(far[0].getInputStream(), far[0].getOutputStream());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    near.connect(target);
    accepting.join();
    return new Ends(near, far[0]);
  }

  private void greet(InputStream in, OutputStream out) throws IOException {
    if (type == Proxy.Type.HTTP) {
      int ended = 0;
      while (ended < 4) { // CR LF CR LF
        int read = in.read();
        ended = read == "\r\n".charAt(ended % 2) ? ended + 1 : 0;
      }
      out.write(HTTP_DONE);
    } else {
      in.skipNBytes(1);
      in.skipNBytes(in.read()); // the methods of authentication
      out.write(SOCKS_METHOD);
      in.skipNBytes(10); // a request to connect to an address of IPv4
      out.write(SOCKS_DONE);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
