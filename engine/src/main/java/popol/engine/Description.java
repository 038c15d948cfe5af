package popol.engine;

import java.io.FileDescriptor;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.spi.Readiness;

/**
 * A registry at one moment, for people. What it holds is copied with the registry's lock held. The text is made without
 * the lock, because the text of a key is the user's code, which can take its time.
 */
final class Description {

  private static final String[] TITLES = {
    "key", "kind", "descriptor", "interest", "state", "owned", "expires", "events"
  };
  private static final List<String> RIGHT = List.of("descriptor", "events"); // columns of numbers

  private final String title;
  private final long opened; // when, by System.nanoTime
  private final @Nullable Thread polling;
  private final String mechanism;
  private final long since; // when the wait of the polling thread began; 0 if it does not wait now
  private final long now = System.nanoTime();
  private final List<Object> keys = new ArrayList<>();
  private final List<String[]> rows = new ArrayList<>(); // all but the key

  /** Called with the registry's lock held. */
  Description(
      String title, long opened, Entries<?> entries, @Nullable Thread polling, String mechanism, long since) {
    this.title = title;
    this.opened = opened;
    this.polling = polling;
    this.mechanism = mechanism;
    this.since = since;
    for (int i = 0; i < entries.all().length(); i++) {
      for (Entry<?> entry = entries.all().first(i); entry != null; entry = entry.nextOfHash) {
        if (entry.state != State.LEAVING) {
          keys.add(entry.key);
          rows.add(row(entry));
        }
      }
    }
  }

  private String[] row(Entry<?> entry) {
    String[] row = new String[TITLES.length];
    row[1] = entry.kind();
    row[2] = "";
    row[3] = "";
    row[4] = entry.state == State.PENDING ? "pending" : "";
    row[5] = "";
    row[6] = "";
    row[7] = String.valueOf(entry.reports());
    if (entry instanceof SourceEntry<?> source) {
      row[1] = kind(source.owner());
      row[2] = String.valueOf(source.descriptor());
      row[3] = source.interest().toString();
      row[4] = state(source);
      row[5] = source.source.isOwned() ? "owned" : "";
    } else if (entry instanceof TimerEntry<?> timer && timer.heapIndex >= 0) {
      row[6] = "in " + Duration.ofNanos(Math.max(0, timer.deadline - now))
          + (timer.isPeriodic() ? ", every " + Duration.ofNanos(timer.period) : "");
    }
    return row;
  }

  private static String state(SourceEntry<?> source) {
    if (source.state == State.PENDING || !source.isOpen()) {
      return "invalid: it was closed";
    }
    if (!source.isSilent()) {
      return source.isMuted(Readiness.READ_CLOSED) ? "read-closed was reported" : "";
    }
    return source.interest().includes(Interest.ONCE)
        ? "silent: was reported once"
        : source.isMuted(Readiness.HANGUP) && source.hasReported(Readiness.HANGUP)
            ? "silent: has hung up"
            : "silent: has an error";
  }

  private static String kind(Object owner) {
    if (owner == FileDescriptor.in) {
      return "stdin";
    }
    Class<?>[] kinds = {
      Long.class, SocketChannel.class, ServerSocketChannel.class, DatagramChannel.class, Pipe.SourceChannel.class,
      Pipe.SinkChannel.class, Socket.class, ServerSocket.class, DatagramSocket.class, PipeSource.class, PipeSink.class,
      FileDescriptor.class, Channel.class
    };
    for (Class<?> kind : kinds) {
      if (kind.isInstance(owner)) {
        return kind == Long.class ? "descriptor" : kind.getSimpleName();
      }
    }
    return "source";
  }

  /** One line about the registry itself, as the first of the table. */
  String summary() {
    return title + ", opened " + seconds(opened) + " ago" + ": " + rows.size()
        + (rows.size() == 1 ? " entry, " : " entries, ") + poller();
  }

  private String poller() {
    if (polling == null) {
      return "nobody polls";
    }
    return "polled by " + polling
        + (since == 0 ? ", which does not wait now" : ", which waits by " + mechanism + " for " + seconds(since));
  }

  private String seconds(long then) {
    return Duration.ofNanos(now - then).toMillis() / 1000.0 + " s";
  }

  /** The table. Calls the user's code. */
  String text() {
    int[] widths = new int[TITLES.length];
    List<String[]> lines = new ArrayList<>();
    lines.add(TITLES);
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i)[0] = Text.of(keys.get(i));
      lines.add(rows.get(i));
    }
    for (String[] row : lines) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder(summary()).append(System.lineSeparator());
    for (String[] row : lines) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String pad = " ".repeat(widths[i] - row[i].length());
        line.append(RIGHT.contains(TITLES[i]) ? pad + row[i] : row[i] + pad).append("  ");
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
