package popol.bench.wait;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Prints how many bytes of the heap and of native memory one registered source takes, beyond the channel and the key.
 * To be started with {@code -XX:NativeMemoryTracking=summary}.
 */
public final class Memory {

  private static final int SOURCES = 1000;
  private static final int REGISTRIES = 20; // each of all the sources, so that the rest of the heap does not matter
  private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+), committed=(\\d+)\\)");

  private Memory() {}

  /**
   * Measures.
   *
   * @param arguments the library's name
   * @throws Exception if that fails
   */
  public static void main(String[] arguments) throws Exception {
    Library library = Library.valueOf(arguments[0].replace('-', '_').toUpperCase(Locale.ROOT));
    Connections connections = new Connections();
    connections.connect(SOURCES, 1);
    open(library, connections.peers()).close(); // what is there once

    long heap = heap();
    long other = other();
    List<Waiter> registries = new ArrayList<>(REGISTRIES);
    for (int i = 0; i < REGISTRIES; i++) {
      registries.add(open(library, connections.peers()));
    }
    long registrations = (long) REGISTRIES * SOURCES;
    System.out.println((double) (heap() - heap) / registrations + " " + (double) (other() - other) / registrations);
    for (Waiter registry : registries) {
      registry.close();
    }
    connections.close();
  }

  private static Waiter open(Library library, List<Peer> peers) throws Exception {
    Waiter waiter = library.open();
    for (Peer peer : peers) {
      waiter.register(peer);
    }
    if (waiter.await() != 1) {
      throw new IllegalStateException("The wait has found another number of events than 1");
    }
    return waiter;
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** What was allocated by the JVM for Java code, rather than for itself. */
  private static long other() throws JMException {
    String summary = (String) ManagementFactory.getPlatformMBeanServer().invoke(
        new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmNativeMemory",
        new Object[] {new String[] {"summary", "scale=B"}}, new String[] {String[].class.getName()});
    Matcher other = OTHER.matcher(summary);
    return other.find() ? Long.parseLong(other.group(2)) : 0;
  }
}
