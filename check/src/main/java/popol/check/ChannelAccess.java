package popol.check;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import popol.PipeSink;
import popol.PipeSource;
import popol.Source;
import popol.spi.HasDescriptor;

/** A channel of the JDK's or of popol's. */
final class ChannelAccess implements Access {

  private static final Method DESCRIPTOR = descriptorMethod();

  private final Channel channel;
  private final Source source;
  private final int descriptor;

  ChannelAccess(Channel channel) throws IOException {
    if (channel instanceof SelectableChannel selectable) {
      selectable.configureBlocking(false);
    }
    this.channel = channel;
    this.source = source(channel);
    this.descriptor = descriptor(channel);
  }

  /** The socket of the channel, where it has one that is a source of its own, every second time. */
  private static Source source(Channel channel) {
    return switch (channel) {
      case PipeSource pipe -> Source.of(pipe);
      case PipeSink pipe -> Source.of(pipe);
      case SocketChannel socket when socket.hashCode() % 2 == 0 && isInternet(socket) -> Source.of(socket.socket());
      case ServerSocketChannel server when server.hashCode() % 2 == 0 -> Source.of(server.socket());
      case DatagramChannel datagram when datagram.hashCode() % 2 == 0 -> Source.of(datagram.socket());
      default -> Source.of((SelectableChannel) channel);
    };
  }

  private static boolean isInternet(SocketChannel channel) {
    try {
      return channel.getLocalAddress() instanceof java.net.InetSocketAddress;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int descriptor(Channel channel) {
    try {
      return channel instanceof HasDescriptor pipe ? (int) pipe.descriptor() : (int) DESCRIPTOR.invoke(channel);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By reflection, as the compiler does not let a release's own interface be seen. */
  private static Method descriptorMethod() {
    try {
      return Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  Channel channel() {
    return channel;
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public int descriptor() {
    return descriptor;
  }

  @Override
  public boolean isRaw() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public int read(int count) {
    try {
      return ((ReadableByteChannel) channel).read(ByteBuffer.allocate(count));
    } catch (IOException failed) {
      return -1;
    }
  }

  @Override
  public int write(int count) {
    try {
      return ((WritableByteChannel) channel).write(ByteBuffer.allocate(count));
    } catch (IOException failed) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
