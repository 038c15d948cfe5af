package popol.bench.wait;

import java.nio.channels.SelectableChannel;

/** The descriptors of the JDK's channels, for the libraries that want numbers. */
final class Descriptors {

  private Descriptors() {}

  static int of(SelectableChannel channel) {
    try {
      return (int) Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal").invoke(channel);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Start the JVM with --add-exports java.base/sun.nio.ch=ALL-UNNAMED", e);
    }
  }
}
