package popol.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a peer can do to a server, each until it has done all of it. */
enum Attacks {

  /** 10,000 connects, closed or reset before or after the server has accepted them. */
  CONNECTS {
    @Override
    void run(Server server) throws Exception {
      for (int i = 0; i < 10_000; i++) {
        try (Socket socket = server.connect()) {
          if ((i & 1) != 0) {
            socket.setSoLinger(true, 0); // a reset
          }
          if ((i & 2) != 0) {
            socket.getOutputStream().write(i); // so some time passes
          }
        }
      }
    }
  },

  /** 300 connects at once, for which there is room. */
  CROWD {
    @Override
    void run(Server server) throws Exception {
      try (Sockets sockets = new Sockets()) {
        int late = 0;
        for (int i = 0; i < 300; i++) {
          long start = System.nanoTime();
          sockets.add(server.connect());
          if (System.nanoTime() - start > 900_000_000) { // a connect that finds no room waits a second
            late++;
          }
        }
        System.out.println("300 connects at once, of which found no room: " + late);
        if (late > 10) { // a busy machine may be slow for some
          throw new AssertionError(late + " of 300 connects waited for room");
        }
      }
    }
  },

  /** 200 peers that send no more, and stay. */
  HALF_CLOSED {
    @Override
    void run(Server server) throws Exception {
      try (Sockets sockets = new Sockets()) {
        for (int i = 0; i < 200; i++) {
          sockets.add(server.connect()).shutdownOutput();
        }
        Thread.sleep(1000);
      }
    }
  },

  /** 500 peers that say nothing. */
  SILENT {
    @Override
    void run(Server server) throws Exception {
      try (Sockets sockets = new Sockets()) {
        for (int i = 0; i < 500; i++) {
          sockets.add(server.connect());
        }
        Thread.sleep(1500);
      }
    }
  },

  /** 200 peers that send one byte after the other, beside 500 that say nothing. */
  BYTE_BY_BYTE {
    @Override
    void run(Server server) throws Exception {
      try (Sockets senders = new Sockets(); Sockets silent = new Sockets()) {
        for (int i = 0; i < 200; i++) {
          senders.add(server.connect());
        }
        for (int i = 0; i < 500; i++) {
          silent.add(server.connect());
        }
        for (int round = 0; round < 30; round++) {
          for (Socket sender : senders.all) {
            quietly(sender, new byte[] {(byte) "hello\n".charAt(round % 6)});
          }
          Thread.sleep(50);
        }
      }
    }
  },

  /** Urgent bytes, and then nothing. */
  URGENT {
    @Override
    void run(Server server) throws Exception {
      try (Socket socket = server.join()) {
        if (!(socket instanceof javax.net.ssl.SSLSocket)) { // which has none
          for (int i = 0; i < 10; i++) {
            socket.sendUrgentData(i);
          }
        }
        Thread.sleep(2000);
      }
    }

    @Override
    double mostCpu() {
      return 0.5; // of both the good peer and these; alone it is less than 0.1, see HostileIT
    }
  },

  /** Random bytes, huge lengths, text that is no UTF-8. */
  GARBAGE {
    @Override
    void run(Server server) throws Exception {
      Random random = new Random(1);
      for (int i = 0; i < 150; i++) {
        byte[] bytes = new byte[20_000];
        random.nextBytes(bytes);
        switch (i % 5) {
          case 0 -> bytes[0] = (byte) 0xff; // length of a frame of the node
          case 1 -> System.arraycopy(new byte[] {22, 3, 1, 0x70, 0}, 0, bytes, 0, 5); // a record of TLS
          case 2 -> java.util.Arrays.fill(bytes, (byte) 0xc3); // the first byte of a character
          case 3 -> bytes[i] = '\n';
          default -> {}
        }
        try (Socket socket = server.connect()) {
          quietly(socket, bytes);
          socket.setSoTimeout(20);
          socket.getInputStream().readAllBytes();
        } catch (IOException refused) {
          // as it may be
        }
      }
    }
  },

  /** Peers that send and never read, 50 MB each unless they have to wait. */
  NEVER_READING {
    @Override
    void run(Server server) throws Exception {
      try (Sockets sockets = new Sockets()) {
        byte[] chunk = server.chunk();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          OutputStream out = sockets.add(server.join()).getOutputStream();
          threads.add(Thread.ofPlatform().daemon().start(() -> {
            try {
              for (int sent = 0; sent < 50_000_000; sent += chunk.length) {
                out.write(chunk);
              }
            } catch (IOException closed) {
              // as it may be
            }
          }));
        }
        for (Thread thread : threads) {
          thread.join(1500);
        }
      }
    }
  };

  abstract void run(Server server) throws Exception;

  /** How many seconds of CPU it may cost a server for each second. */
  double mostCpu() {
    return Double.MAX_VALUE;
  }

  /** Sends what it can. */
  static void quietly(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closed) {
      // by the server, as it may be
    }
  }

  /** Connections that end together. */
  private static final class Sockets implements AutoCloseable {

    final List<Socket> all = new ArrayList<>();

    Socket add(Socket socket) {
      all.add(socket);
      return socket;
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : all) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }
  }
}
