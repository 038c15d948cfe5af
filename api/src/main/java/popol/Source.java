package popol;

import java.io.FileDescriptor;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectableChannel;
import java.util.Objects;

/**
 * Something that can be waited on: a raw descriptor, or an object of the JDK's or popol's that has one. The descriptor
 * is found when the source is {@linkplain Sources#register registered}; making a source costs and checks nothing.
 *
 * <p>A registry keeps the owner reachable, never closes it and never changes its blocking mode. Beware of what stands
 * above the descriptor: {@code System.in}, a {@code BufferedReader} or an {@code SSLSocket} can hold data already read,
 * which no poll can see.
 *
 * <p>The JDK's objects do not show their descriptors. With {@code --add-exports java.base/sun.nio.ch=popol}
 * ({@code =ALL-UNNAMED} on the class path and in OSGi) popol asks for them. Without that flag it finds bound and
 * connected sockets by their addresses, on Linux and macOS; a TCP connection's {@code SO_KEEPALIVE} is switched and
 * switched back meanwhile, to tell it from another one. What cannot be told apart so, a {@code java.nio.channels.Pipe}
 * and a {@code FileDescriptor} need the flag: registering one without it throws an {@code IllegalStateException} that
 * says so. Raw descriptors, {@link #stdin()} and {@link PipeSource} need no flag.
 */
public final class Source {

  private final Object owner;

  private Source(Object owner) {
    this.owner = owner;
  }

  /**
   * A raw descriptor, which stays the caller's: unregister it before it is closed, because its number may be given to
   * another file at once.
   *
   * @param descriptor a file descriptor; on Windows a {@code SOCKET}
   * @return the source
   */
  public static Source of(long descriptor) {
    return new Source(descriptor);
  }

  /**
   * A channel of the JDK's own selector provider, in blocking or non-blocking mode: {@code SocketChannel},
   * {@code ServerSocketChannel}, {@code DatagramChannel}, either end of a {@code java.nio.channels.Pipe}.
   *
   * @param channel the channel
   * @return the source
   */
  public static Source of(SelectableChannel channel) {
    return new Source(Objects.requireNonNull(channel, "channel is null"));
  }

  /**
   * A socket, made with or without a channel. Where one without is not found by its addresses, it needs a second flag,
   * {@code --add-opens java.base/java.net=popol} ({@code =ALL-UNNAMED} on the class path and in OSGi).
   *
   * @param socket a bound or connected socket
   * @return the source
   */
  public static Source of(Socket socket) {
    return new Source(Objects.requireNonNull(socket, "socket is null"));
  }

  /**
   * A listening socket, made with or without a channel; the flags are those of {@link #of(Socket)}. A readiness can be
   * gone when it is used (the peer may have left), so {@code accept} of a socket in blocking mode can still block.
   *
   * @param socket a bound socket
   * @return the source
   */
  public static Source of(ServerSocket socket) {
    return new Source(Objects.requireNonNull(socket, "socket is null"));
  }

  /**
   * A datagram socket, made with or without a channel; the flags are those of {@link #of(Socket)}.
   *
   * @param socket the socket
   * @return the source
   */
  public static Source of(DatagramSocket socket) {
    return new Source(Objects.requireNonNull(socket, "socket is null"));
  }

  /**
   * An open file descriptor of the JDK, such as {@code new FileInputStream("/dev/ttyS0").getFD()}.
   * {@code FileDescriptor.in}, {@code out} and {@code err} need no flag.
   *
   * @param descriptor the descriptor
   * @return the source
   */
  public static Source of(FileDescriptor descriptor) {
    return new Source(Objects.requireNonNull(descriptor, "descriptor is null"));
  }

  /**
   * The read end of a pipe.
   *
   * @param pipe the pipe
   * @return the source
   */
  public static Source of(PipeSource pipe) {
    return new Source(Objects.requireNonNull(pipe, "pipe is null"));
  }

  /**
   * Standard input. Read it from {@code new FileInputStream(FileDescriptor.in)}: {@code System.in} buffers, and what it
   * has buffered is not seen by a poll.
   *
   * <p>On Windows it is asked every 10 ms while it is waited on. A console is readable when a line has been ended (or a
   * key pressed, if line input is off), and shows what is typed only while it is read; read it with room for a whole
   * line, because the rest of one is not seen. While another thread is in a read of it, and it is a pipe, a poll may
   * wait for that read to end.
   *
   * @return the source
   */
  public static Source stdin() {
    return of(FileDescriptor.in);
  }

  /** {@return the object this source was made of; a {@code Long} where it is a raw descriptor} */
  public Object owner() {
    return owner;
  }

  /** {@return what the source was made of, for a log} */
  @Override
  public String toString() {
    return switch (owner) {
      case Long descriptor -> "descriptor " + descriptor;
      case FileDescriptor in when in == FileDescriptor.in -> "standard input";
      default -> owner.toString();
    };
  }
}
