package popol.contract;

import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;

/** An implementation of sockets that is not the JDK's. */
final class CustomSocketImpl extends SocketImpl {

  /** A socket that has such an implementation, and says that it is connected. */
  static final class Of extends Socket {

    Of(CustomSocketImpl implementation) throws SocketException {
      super(implementation);
    }

    @Override
    public boolean isConnected() {
      return true;
    }
  }

  /**
   * An implementation.
   *
   * @param descriptor what it says is its descriptor; may be null
   */
  CustomSocketImpl(FileDescriptor descriptor) {
    fd = descriptor;
  }

  @Override
  protected void create(boolean stream) {}

  @Override
  protected void connect(String host, int port) {}

  @Override
  protected void connect(InetAddress address, int port) {}

  @Override
  protected void connect(SocketAddress address, int timeout) {}

  @Override
  protected void bind(InetAddress host, int port) {}

  @Override
  protected void listen(int backlog) {}

  @Override
  protected void accept(SocketImpl accepted) {}

  @Override
  protected InputStream getInputStream() {
    return InputStream.nullInputStream();
  }

  @Override
  protected OutputStream getOutputStream() {
    return OutputStream.nullOutputStream();
  }

  @Override
  protected int available() {
    return 0;
  }

  @Override
  protected void close() {}

  @Override
  protected void sendUrgentData(int data) {}

  @Override
  public void setOption(int option, Object value) {}

  @Override
  public Object getOption(int option) {
    return null;
  }
}
