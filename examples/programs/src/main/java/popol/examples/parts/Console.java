package popol.examples.parts;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import popol.Event;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Commands that are typed on standard input, for a server that goes on without them. It does so, and says it once, when
 * the input ends or cannot be read: it is {@code /dev/null}, closed, open for writing only as {@code nohup} leaves it,
 * or a terminal while this process is in the background.
 *
 * @param <K> the type of the loop's keys
 */
public final class Console<K> {

  private final Sources<K> sources;
  private final K key;
  private final Consumer<String> log;
  // Not System.in, which reads ahead: no poll sees what is in its buffer.
  private final FileInputStream input = new FileInputStream(FileDescriptor.in);
  private final byte[] bytes = new byte[1024];
  private final Lines lines = new Lines();

  /**
   * Registers standard input.
   *
   * @param sources the registry
   * @param key the key of the input's events
   * @param log is told when there are no more commands
   */
  public Console(Sources<K> sources, K key, Consumer<String> log) {
    this.sources = sources;
    this.key = key;
    this.log = log;
    sources.register(key, Source.stdin(), Interest.READ);
  }

  /**
   * Reads once what has been typed.
   *
   * @param event the event of the input
   * @param command takes each line
   */
  public void read(Event<K> event, Consumer<String> command) {
    try {
      if (event.isInvalid()) {
        end("is closed");
      } else if (isOfAnotherJob()) {
        end("is the terminal of a job in the foreground");
      } else {
        int count = input.read(bytes);
        lines.add(bytes, Math.max(0, count), command);
        if (count < 0) {
          lines.end(command);
          end("has ended");
        }
      }
    } catch (IOException e) {
      end("cannot be read (" + e.getMessage() + ")");
    }
  }

  private void end(String why) {
    sources.unregister(key);
    log.accept("no more commands: standard input " + why);
  }

  /** Whether a read would stop this whole process (SIGTTIN). Linux tells it; elsewhere nobody is asked. */
  private static boolean isOfAnotherJob() throws IOException {
    Path stat = Path.of("/proc/self/stat"); // proc_pid_stat(5)
    if (!Files.exists(stat) || !Files.readSymbolicLink(Path.of("/proc/self/fd/0")).startsWith("/dev")) {
      return false;
    }
    String text = Files.readString(stat);
    String[] fields = text.substring(text.lastIndexOf(')')).split(" ");
    String group = fields[3];
    String foreground = fields[6];
    return !foreground.equals("-1") && !foreground.equals(group);
  }
}
