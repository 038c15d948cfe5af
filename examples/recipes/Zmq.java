import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Takes ZeroMQ's messages beside standard input. Its channel does not say that messages are there, but that something
 * may have happened: {@code getEvents} says what, and all messages must be taken then. {@code one} is the mistake: it
 * takes one.
 */
public final class Zmq {

  private enum Key { STDIN, MESSAGES }

  private Zmq() {}

  public static void main(String[] args) throws Exception {
    int most = args[0].equals("one") ? 1 : Integer.MAX_VALUE;
    try (ZContext context = new ZContext(); Sources<Key> sources = Sources.open()) {
      ZMQ.Socket receiver = context.createSocket(SocketType.PULL);
      int port = receiver.bindToRandomPort("tcp://127.0.0.1");
      ZMQ.Socket sender = context.createSocket(SocketType.PUSH); // it could be anywhere
      sender.connect("tcp://127.0.0.1:" + port);

      sources.register(Key.MESSAGES, Source.of(receiver.getFD()), Interest.READ);
      sources.register(Key.STDIN, Source.stdin(), Interest.READ);
      FileInputStream stdin = new FileInputStream(FileDescriptor.in);
      byte[] bytes = new byte[1024];
      while (true) {
        for (Event<Key> event : sources.poll()) {
          switch (event.key()) {
            case MESSAGES -> take(receiver, most);
            case STDIN -> {
              int count = stdin.read(bytes);
              if (count < 0) {
                System.out.println("at the end, left in ZeroMQ's buffer:");
                take(receiver, Integer.MAX_VALUE);
                return;
              }
              new String(bytes, 0, count, StandardCharsets.UTF_8).lines().forEach(sender::send);
            }
          }
        }
      }
    }
  }

  private static void take(ZMQ.Socket receiver, int most) {
    int count = 0;
    while (count < most && (receiver.getEvents() & ZMQ.Poller.POLLIN) != 0) {
      System.out.println("message " + receiver.recvStr(ZMQ.DONTWAIT));
      count++;
    }
  }
}
