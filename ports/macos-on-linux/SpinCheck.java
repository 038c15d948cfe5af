package popol.macos;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import popol.Event;
import popol.Interest;
import popol.Sources;

/**
 * Waits a second for a peer that has ended its stream, by every interest and with or without unread data: the wait must
 * not be a loop of empty ones. It is asked again every 10 ms, by some calls of {@code poll} each, where macOS does not
 * say otherwise that the peer is gone altogether.
 */
final class SpinCheck {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int MOST_CALLS = 100 * 5;

  public static void main(String[] arguments) throws Exception {
    for (boolean unread : new boolean[] {false, true}) {
      for (Interest interest : new Interest[] {Interest.NONE, Interest.PRIORITY, Interest.READ_CLOSED, Interest.WRITE,
        Interest.WRITE.plus(Interest.READ_CLOSED), Interest.READ, Interest.READ.plus(Interest.READ_CLOSED)}) {
        check(interest, unread);
      }
    }
    System.out.println("no busy loop at any interest: passed");
  }

  private static void check(Interest interest, boolean unread) throws Exception {
    try (Sources<String> sources = Sources.open();
        ServerSocketChannel server =
            ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel near = SocketChannel.open(server.getLocalAddress());
        SocketChannel far = server.accept()) {
      if (unread) {
        far.write(ByteBuffer.allocate(1));
      }
      far.shutdownOutput();
      sources.register("near", near, Interest.READ);
      sources.poll(); // the end, or the byte before it, is there
      sources.interest("near", interest);
      boolean told = interest.includes(Interest.READ_CLOSED);
      if (told) {
        check(found(sources, SECOND).contains("readClosed"), interest + ": the peer's end is told");
      }
      int calls = XnuPollArray.calls;
      long start = System.nanoTime();
      String found = found(sources, SECOND);
      long milliseconds = (System.nanoTime() - start) / 1_000_000;
      calls = XnuPollArray.calls - calls;
      String expected = (interest.includes(Interest.READ) ? " readable" : "")
          + (interest.includes(Interest.WRITE) ? " writable" : "");
      System.out.printf("  %-24s %-12s %4d ms, %3d calls of poll, found%s%n", interest,
          unread ? "data unread" : "all read",
          milliseconds, calls, found.isEmpty() ? " nothing" : found);
      check(found.equals(expected), interest + ": found" + found);
      check(calls <= MOST_CALLS, interest + ": " + calls + " calls of poll in a second are a busy loop");
    }
  }

  private static String found(Sources<String> sources, Duration timeout) throws Exception {
    StringBuilder found = new StringBuilder();
    for (Event<String> event : sources.poll(timeout)) {
      found.append(event.isReadable() ? " readable" : "")
          .append(event.isWritable() ? " writable" : "")
          .append(event.isReadClosed() ? " readClosed" : "")
          .append(event.isHangup() ? " hangup" : "");
    }
    return found.toString();
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      System.out.println("FAILED: " + rule);
      System.exit(1);
    }
  }
}
