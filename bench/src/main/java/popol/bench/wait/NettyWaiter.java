package popol.bench.wait;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.TimeUnit;

/**
 * An event loop of Netty, driven by the thread that measures, and handles of its I/O layer: no channel, pipeline or
 * buffer. Level-triggered, as the others are, while Netty's own channels of the epoll transport are edge-triggered.
 */
final class NettyWaiter implements Waiter {

  private final ManualIoEventLoop loop;
  private final boolean epoll;
  private int events; // of this run of the loop

  NettyWaiter(boolean epoll) {
    this.epoll = epoll;
    IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loop = new ManualIoEventLoop(Thread.currentThread(), factory);
  }

  @Override
  public void register(Peer peer) throws IOException {
    Handle handle = epoll ? new EpollHandle(peer) : new NioHandle(peer);
    handle.registration = loop.register(handle).getNow(); // at once, on the loop's own thread
    handle.submit(false);
    peer.handle = handle;
  }

  @Override
  public void unregister(Peer peer) {
    ((Handle) peer.handle).registration.cancel();
  }

  @Override
  public void write(Peer peer, boolean on) {
    ((Handle) peer.handle).submit(on);
  }

  @Override
  public int await() {
    events = 0;
    do {
      loop.run(Long.MAX_VALUE);
    } while (events == 0); // a run that ends without an event is none that a user sees
    return events;
  }

  @Override
  public int look() {
    events = 0;
    loop.runNow();
    return events;
  }

  @Override
  public void wake() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void awaitWake() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    while (!loop.isTerminated()) {
      loop.runNow();
    }
  }

  private abstract class Handle implements IoHandle {
    final Peer peer;
    IoRegistration registration;

    Handle(Peer peer) {
      this.peer = peer;
    }

    abstract IoOps interest(boolean write);

    abstract boolean isReadable(IoEvent event);

    final void submit(boolean write) {
      registration.submit(interest(write));
    }

    @Override
    public final void handle(IoRegistration registration, IoEvent event) {
      if (isReadable(event)) {
        peer.readable++;
      }
      events++;
    }

    @Override
    public void close() {
      registration.cancel();
    }
  }

  private final class NioHandle extends Handle implements NioIoHandle {
    NioHandle(Peer peer) {
      super(peer);
    }

    @Override
    IoOps interest(boolean write) {
      return write ? NioIoOps.READ_AND_WRITE : NioIoOps.READ;
    }

    @Override
    boolean isReadable(IoEvent event) {
      return ((NioIoEvent) event).ops().contains(NioIoOps.READ);
    }

    @Override
    public SelectableChannel selectableChannel() {
      return peer.channel;
    }
  }

  private final class EpollHandle extends Handle implements EpollIoHandle {
    private static final EpollIoOps READ_AND_WRITE = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);

    private final FileDescriptor descriptor;

    EpollHandle(Peer peer) {
      super(peer);
      descriptor = new FileDescriptor(Descriptors.of(peer.channel));
    }

    @Override
    IoOps interest(boolean write) {
      return write ? READ_AND_WRITE : EpollIoOps.EPOLLIN;
    }

    @Override
    boolean isReadable(IoEvent event) {
      return ((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLIN);
    }

    @Override
    public FileDescriptor fd() {
      return descriptor;
    }
  }
}
