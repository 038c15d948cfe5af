package popol.bench.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One event loop, for the listener and all connections. */
final class NettyServer implements Server {

  private final EventLoopGroup group;
  private final Channel listener;
  private final AtomicInteger connections = new AtomicInteger();

  static Server nio(int fanout) {
    return new NettyServer(NioIoHandler.newFactory(), NioServerSocketChannel.class, fanout);
  }

  static Server epoll(int fanout) {
    return new NettyServer(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, fanout);
  }

  private NettyServer(IoHandlerFactory factory, Class<? extends ServerChannel> type, int fanout) {
    group = new MultiThreadIoEventLoopGroup(1, factory);
    List<Relay> relays = new ArrayList<>(); // the event loop's alone
    listener = new ServerBootstrap()
        .group(group)
        .channel(type)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            connections.incrementAndGet();
            channel.closeFuture().addListener(closed -> connections.decrementAndGet());
            if (fanout == 0) {
              channel.pipeline().addLast(new Echo());
            } else {
              channel.pipeline().addLast(new FixedLengthFrameDecoder(MESSAGE), new Relay(relays, fanout));
            }
          }
        })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      context.write(bytes, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
      context.close();
    }
  }

  private static final class Relay extends SimpleChannelInboundHandler<ByteBuf> {

    private final List<Relay> relays;
    private final int fanout;
    private Channel channel;
    private int place;

    Relay(List<Relay> relays, int fanout) {
      this.relays = relays;
      this.fanout = fanout;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channel = context.channel();
      place = relays.size();
      relays.add(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      relays.remove(place);
      for (int i = place; i < relays.size(); i++) {
        relays.get(i).place = i;
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      for (int i = 1; i <= Math.min(fanout, relays.size()); i++) {
        Channel to = relays.get((place + i) % relays.size()).channel;
        to.writeAndFlush(message.retainedDuplicate(), to.voidPromise());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
      context.close();
    }
  }
}
