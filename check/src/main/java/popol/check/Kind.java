package popol.check;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import popol.PipeSink;
import popol.PipeSource;

/** The kinds of things that a history opens. */
enum Kind {
  /** A pipe of popol's to read from; its other end is a raw number. */
  PIPE_SOURCE {
    @Override
    List<End> open(Calls calls) throws IOException {
      PipeSource pipe = calls.make(PipeSource::open);
      int writeEnd = Posix.dup(number(pipe.writeEnd()));
      pipe.closeWriteEnd();
      Way way = new Way();
      return List.of(new PipeReader(new ChannelAccess(pipe), way), new PipeWriter(new RawAccess(writeEnd), way));
    }
  },
  /** A pipe of popol's to write to; its other end is a raw number. */
  PIPE_SINK {
    @Override
    List<End> open(Calls calls) throws IOException {
      PipeSink pipe = calls.make(PipeSink::open);
      int readEnd = Posix.dup(number(pipe.readEnd()));
      pipe.closeReadEnd();
      Way way = new Way();
      return List.of(new PipeReader(new RawAccess(readEnd), way), new PipeWriter(new ChannelAccess(pipe), way));
    }
  },
  /** A pipe of the JDK's. */
  JDK_PIPE {
    @Override
    List<End> open(Calls calls) throws IOException {
      Pipe pipe = Pipe.open();
      Way way = new Way();
      return List.of(new PipeReader(new ChannelAccess(pipe.source()), way),
          new PipeWriter(new ChannelAccess(pipe.sink()), way));
    }
  },
  /** A pipe by its raw numbers. */
  RAW_PIPE {
    @Override
    List<End> open(Calls calls) throws IOException {
      Posix.Pair pipe = Posix.pipe();
      Way way = new Way();
      return List.of(new PipeReader(new RawAccess(pipe.first()), way),
          new PipeWriter(new RawAccess(pipe.second()), way));
    }
  },
  /** Two sockets of the Unix domain by their raw numbers. */
  RAW_SOCKETS {
    @Override
    List<End> open(Calls calls) throws IOException {
      Posix.Pair pair = Posix.socketpair();
      return connected(new RawAccess(pair.first()), new RawAccess(pair.second()), false);
    }
  },
  /** A TCP connection. */
  TCP {
    @Override
    List<End> open(Calls calls) throws IOException {
      return connected(Servers.TCP, true);
    }
  },
  /** A connection of the Unix domain. */
  UNIX {
    @Override
    List<End> open(Calls calls) throws IOException {
      return connected(Servers.UNIX, false);
    }
  },
  /** A listening TCP socket. */
  LISTENER {
    @Override
    List<End> open(Calls calls) throws IOException {
      return List.of(new Listener(ServerSocketChannel.open().bind(Servers.anyPort())));
    }
  },
  /** Two datagram sockets that are connected to each other. */
  DATAGRAM {
    @Override
    List<End> open(Calls calls) throws IOException {
      DatagramChannel first = DatagramChannel.open(StandardProtocolFamily.INET).bind(Servers.anyPort());
      DatagramChannel second = DatagramChannel.open(StandardProtocolFamily.INET).bind(Servers.anyPort());
      first.connect(second.getLocalAddress()); // so that what others send by mistake is not heard
      second.connect(first.getLocalAddress());
      DatagramSide one = new DatagramSide(new ChannelAccess(first));
      DatagramSide other = new DatagramSide(new ChannelAccess(second));
      one.connect(other);
      return List.of(one, other);
    }
  };

  /** Opens one; its ends. */
  abstract List<End> open(Calls calls) throws IOException;

  private static int number(File name) {
    return Integer.parseInt(name.getName());
  }

  private static List<End> connected(ServerSocketChannel server, boolean tcp) throws IOException {
    synchronized (server) {
      SocketChannel client = SocketChannel.open(server.getLocalAddress());
      SocketChannel accepted = server.accept();
      if (tcp) { // so that nothing is held back, which a reset would throw away
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return connected(new ChannelAccess(client), new ChannelAccess(accepted), tcp);
    }
  }

  private static List<End> connected(Access first, Access second, boolean tcp) {
    StreamSocket one = new StreamSocket(first, tcp);
    StreamSocket other = new StreamSocket(second, tcp);
    one.connect(other);
    return List.of(one, other);
  }

  /** What connections are made through, for as long as the JVM runs. */
  private static final class Servers {

    static final ServerSocketChannel TCP = open(StandardProtocolFamily.INET, anyPort());
    static final ServerSocketChannel UNIX = open(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(newName()));

    static InetSocketAddress anyPort() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static ServerSocketChannel open(StandardProtocolFamily family, SocketAddress address) {
      try {
        return ServerSocketChannel.open(family).bind(address);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Path newName() {
      try {
        Path directory = Files.createTempDirectory("popol-check");
        directory.toFile().deleteOnExit();
        Path name = directory.resolve("server");
        name.toFile().deleteOnExit();
        return name;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
