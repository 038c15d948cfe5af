package popol;

import java.io.FileDescriptor;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.util.Objects;

/**
 * Something that can be waited on: a raw descriptor, or an object of the JDK's or popol's that has one. The descriptor
 * is found when the source is {@linkplain Sources#register registered}; making a source costs and checks nothing.
 *
 * <p>A registry keeps the owner reachable and never changes its blocking mode. It closes the owner only if the source
 * is {@link #owned()}. Beware of what stands above the descriptor: {@code System.in}, a {@code BufferedReader} or an
 * {@code SSLSocket} can hold data already read, which no poll can see.
 *
 * <p>The JDK's objects do not show their descriptors. With {@code --add-exports java.base/sun.nio.ch=popol.engine}
 * ({@code =ALL-UNNAMED} on the class path and in OSGi) popol asks for them. Without that flag it finds sockets in other
 * ways where the answer is certain; otherwise registering throws an {@code IllegalStateException} that says what to do.
 * Raw descriptors, {@link #stdin()}, {@link PipeSource} and {@link PipeSink} need no flag.
 */
public final class Source {

  private final Object owner;
  private final long descriptor; // that the user named; -1 where the owner has to be asked
  private final boolean owned;

  private Source(Object owner, long descriptor, boolean owned) {
    this.owner = owner;
    this.descriptor = descriptor;
    this.owned = owned;
  }

  private Source(Object owner) {
    this(owner, -1, false);
  }

  /**
   * A raw descriptor, which stays the caller's: unregister it before it is closed, because its number may be given to
   * another file at once.
   *
   * @param descriptor a file descriptor; on Windows a {@code SOCKET}
   * @return the source
   */
  public static Source of(long descriptor) {
    return new Source(descriptor, descriptor, false);
  }

  /**
   * A raw descriptor that belongs to a channel of another library, such as a serial port's or a Unix-domain socket's.
   * The registry keeps the channel reachable, and sees when it is closed as it does for the JDK's own.
   *
   * @param descriptor a file descriptor; on Windows a {@code SOCKET}
   * @param owner the channel that closes the descriptor
   * @return the source
   */
  public static Source of(long descriptor, Channel owner) {
    return new Source(Objects.requireNonNull(owner, "owner is null"), descriptor, false);
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
   * {@code --add-opens java.base/java.net=popol.engine} ({@code =ALL-UNNAMED} on the class path and in OSGi).
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
   * The write end of a pipe.
   *
   * @param pipe the pipe
   * @return the source
   */
  public static Source of(PipeSink pipe) {
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

  /**
   * The same source, which the registry closes when it is closed itself, so also when the bundle that opened it stops.
   * {@link Sources#unregister} gives the source back, open. It is closed after the registry's last wait has ended.
   *
   * @return a source that the registry closes
   * @throws IllegalArgumentException for a raw descriptor, a {@code FileDescriptor} and standard input, which popol
   *     cannot close
   */
  public Source owned() {
    if (!(owner instanceof AutoCloseable)) {
      throw new IllegalArgumentException(this + " cannot be owned: popol does not know how to close it");
    }
    return owned ? this : new Source(owner, descriptor, true);
  }

  /** {@return whether the registry closes the owner when it is closed itself} */
  public boolean isOwned() {
    return owned;
  }

  /**
   * {@return the object this source was made of: the channel or socket; a {@code Long} where it is a raw descriptor}
   */
  public Object owner() {
    return owner;
  }

  /** {@return the descriptor that the user named; -1 where popol has to ask the owner} */
  public long descriptor() {
    return descriptor;
  }

  /** {@return what the source was made of, for a log} */
  @Override
  public String toString() {
    if (owner instanceof Long) {
      return "descriptor " + descriptor;
    }
    if (descriptor != -1) {
      return "descriptor " + descriptor + " of " + owner;
    }
    return owner == FileDescriptor.in ? "standard input" : owner.toString();
  }
}
