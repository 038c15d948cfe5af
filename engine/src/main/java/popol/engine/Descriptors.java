package popol.engine;

import java.io.FileDescriptor;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;
import popol.Source;
import popol.engine.JdkInternals.DeniedException;
import popol.ffm.NativeAccess;
import popol.spi.DescriptorFinder;
import popol.spi.DescriptorFinder.NotFoundException;
import popol.spi.HasDescriptor;

/**
 * Finds the descriptor of what a user wants to wait on. Where the JVM was started with the flags, the object is asked;
 * otherwise the system's finder looks for it. An object that hands its calls to another one, such as a layered
 * {@code SSLSocket}, is refused: popol would not see the other one closed.
 */
final class Descriptors {

  private Descriptors() {}

  /**
   * The descriptor of a source. Calls user's code and can wait, so no lock is held.
   *
   * @param source what to wait on
   * @param finder where to look for a channel or socket that cannot be asked; null if this system has none
   * @return the descriptor, which was the owner's until now
   * @throws IllegalArgumentException if the owner is closed, or of a kind that has no descriptor
   * @throws IllegalStateException if the descriptor cannot be had; the message names the reason and what would help
   */
  static long of(Source source, @Nullable DescriptorFinder finder) {
    requireOpen(source);
    long descriptor = find(source, finder);
    requireOpen(source); // what has been closed meanwhile may have told a number that is another's already
    return descriptor;
  }

  private static void requireOpen(Source source) {
    if (!Owners.isOpen(source.owner())) {
      throw new IllegalArgumentException(Text.of(source)
          + (source.owner() instanceof FileDescriptor ? " is closed, or was never open" : " is closed"));
    }
  }

  private static long find(Source source, @Nullable DescriptorFinder finder) {
    Object owner = source.owner();
    if (owner instanceof Long || source.descriptor() != -1) {
      return source.descriptor();
    }
    if (owner instanceof HasDescriptor pipe) {
      return pipe.descriptor();
    }
    if (owner == FileDescriptor.in) {
      return StandardInput.descriptor();
    }
    if (owner == FileDescriptor.out || owner == FileDescriptor.err) {
      return owner == FileDescriptor.out ? 1 : 2;
    }
    SelectableChannel channel = channel(source);
    try {
      return number(source, channel != null ? JdkInternals.descriptor(channel) : ask(source));
    } catch (DeniedException denied) {
      return look(source, channel != null ? channel : owner, finder, denied);
    }
  }

  /**
   * A descriptor of the JDK's, which has an {@code int} for a {@code SOCKET} too: from 2^31 on that is below 0, where
   * WSAPoll passes over it. The upper half of a handle of Windows does not count.
   */
  static long number(Source source, int descriptor) {
    if (descriptor == -1) {
      throw new IllegalArgumentException(Text.of(source) + " has no descriptor, or none any more");
    }
    return Integer.toUnsignedLong(descriptor);
  }

  // Channels

  /** The channel that a source is, or is a view of, if it is one of the JDK's own; null if it has no channel. */
  private static @Nullable SelectableChannel channel(Source source) {
    Object owner = source.owner();
    SelectableChannel channel = Owners.channel(owner);
    if (channel != null && !JdkInternals.isOwn(channel)) {
      throw new IllegalArgumentException(Text.of(source) + " is not a channel of the JDK's own, but of "
          + channel.getClass().getName()
          + ": register Source.of(descriptor, channel) with the descriptor that its library"
          + " tells");
    }
    if (channel != null && !SocketViews.isOf(channel, owner)) {
      throw layered(source);
    }
    return channel;
  }

  // Sockets without a channel

  private static int ask(Source source) throws DeniedException {
    Object owner = source.owner();
    if (owner instanceof FileDescriptor descriptor) {
      return JdkInternals.descriptor(descriptor);
    }
    if (owner instanceof Socket socket) {
      requireBound(source, socket.isBound() || socket.isConnected());
      return ask(source, JdkInternals.implementation(socket));
    }
    if (owner instanceof ServerSocket socket) {
      requireBound(source, socket.isBound());
      return ask(source, JdkInternals.implementation(socket));
    }
    if (owner instanceof DatagramSocket socket) {
      return ask(source, socket, JdkInternals.implementation(socket));
    }
    throw new IllegalArgumentException(Text.of(source)
        + " has no descriptor that popol knows: register Source.of(descriptor, channel) with the number that its"
        + " library tells");
  }

  private static void requireBound(Source source, boolean bound) {
    if (!bound) {
      throw new IllegalArgumentException(
          Text.of(source) + " is neither bound nor connected: register it when it is, it may have no descriptor yet");
    }
  }

  /**
   * An implementation without a descriptor, or without the port that its socket says it has, is that of a socket that
   * hands its calls to another one.
   */
  private static int ask(Source source, @Nullable SocketImpl implementation) throws DeniedException {
    if (implementation == null) {
      throw layered(source);
    }
    FileDescriptor descriptor = JdkInternals.fileDescriptor(implementation);
    if (descriptor == null || !descriptor.valid()
        || SocketViews.isJdk(implementation) && !JdkInternals.hasPort(implementation)) {
      throw layered(source);
    }
    return JdkInternals.descriptor(descriptor);
  }

  private static int ask(Source source, DatagramSocket socket, @Nullable DatagramSocket implementation)
      throws DeniedException {
    boolean bound = socket.isBound();
    int port = socket.getLocalPort();
    if (implementation == null || bound && !(implementation.isBound() && implementation.getLocalPort() == port)) {
      throw layered(source);
    }
    SelectableChannel channel = implementation.getChannel();
    if (channel == null || !JdkInternals.isOwn(channel)) {
      throw new IllegalStateException(cannot(source) + "it has a DatagramSocketImpl that is not the JDK's: register"
          + " Source.of(descriptor) with the descriptor that its library tells");
    }
    return JdkInternals.descriptor(channel);
  }

  // Without flags

  private static long look(Source source, Object target, @Nullable DescriptorFinder finder, DeniedException denied) {
    String reason = SocketViews.doubt(target);
    if (reason == null && finder != null) {
      try {
        return Recorder.isOn() ? RecordedEvents.lookUp(finder, target) : finder.find(target);
      } catch (NotFoundException e) {
        reason = e.getMessage();
      }
    }
    requireOpen(source); // a better reason, if it is one
    String flags = JdkInternals.flags(NativeAccess.moduleForFlags(Descriptors.class),
        !(target instanceof SelectableChannel || target instanceof FileDescriptor));
    throw new IllegalStateException(
        cannot(source) + (reason == null ? "" : reason + "; or ") + "start the JVM with " + flags
            + " (by the environment variable JDK_JAVA_OPTIONS, where the command line is not yours)",
        denied.getCause());
  }

  // Messages

  private static RuntimeException layered(Source source) {
    requireOpen(source); // a better reason, if it is one
    return new IllegalStateException(cannot(source) + source.owner().getClass().getName()
        + " has none of its own, it hands its calls to another socket: register the socket below,"
        + " whose closing popol sees");
  }

  private static String cannot(Source source) {
    return "popol cannot get at the descriptor of " + Text.of(source) + ": ";
  }
}
