package popol.linux;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import popol.spi.DescriptorFinder;
import popol.unix.KnownDescriptors;
import popol.unix.OpenDescriptors;
import popol.unix.SocketFinder;
import popol.unix.UnixSystem;

/**
 * Finds descriptors in a JVM that was started without the flags: that of a channel in non-blocking mode by a selector,
 * and others by their addresses. Neither changes an option or a mode.
 */
final class ChannelFinder implements DescriptorFinder {

  private final OpenDescriptors descriptors = new DescriptorTable();
  private final UnixSystem system;
  private final SocketFinder byAddress;

  ChannelFinder(UnixSystem system) {
    this.system = system;
    byAddress = new SocketFinder(system, descriptors);
  }

  @Override
  public long find(Object owner) throws NotFoundException {
    String help = "";
    if (owner instanceof SelectableChannel channel) {
      help = "; in non-blocking mode popol finds it for certain";
      if (!channel.isBlocking()) {
        try {
          int found = bySelector(channel);
          if (found >= 0) {
            KnownDescriptors.add(found, channel);
            return found;
          }
          help = "; the kernel did not let a selector watch it";
        } catch (IOException e) {
          help = "; a selector does not help: " + e.getMessage();
        }
      }
    }
    try {
      return byAddress.find(owner);
    } catch (NotFoundException e) {
      throw new NotFoundException(e.getMessage() + help);
    }
  }

  /** Below 0 if the channel does not let itself be found so. */
  private int bySelector(SelectableChannel channel) throws IOException {
    SelectorProvider provider = channel.provider();
    if (provider.getClass().getModule() != Object.class.getModule()) {
      throw new IOException("it is one of " + provider.getClass().getName());
    }
    try (PrivateSelector selector = PrivateSelector.open(provider, system, descriptors)) {
      synchronized (channel.blockingLock()) {
        try (selector) {
          return channel.isBlocking() ? -1 : selector.descriptor(channel);
        }
      }
    }
  }
}
