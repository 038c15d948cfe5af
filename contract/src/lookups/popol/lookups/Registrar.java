package popol.lookups;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.function.BiFunction;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * A registry of the copy of popol that this class was loaded beside. It registers an owner, and says whether popol has
 * taken the true descriptor: that is refused to another key then, and only then (rule 2).
 */
public final class Registrar implements BiFunction<Object, Integer, String> {

  private final Sources<String> sources;
  private int rounds;

  /** Called by reflection. */
  public Registrar() {
    try {
      sources = Sources.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String apply(Object owner, Integer descriptor) {
    try {
      return register(source(owner), descriptor);
    } finally {
      sources.unregister("owner");
      sources.unregister("number");
      poll();
    }
  }

  private String register(Source source, int descriptor) {
    try {
      sources.register("owner", source, Interest.NONE);
    } catch (IllegalStateException refused) {
      return refused.getMessage();
    } catch (IllegalArgumentException closed) {
      return closed.getMessage().endsWith(" is closed") ? "closed" : "wrong: " + closed.getMessage();
    }
    try {
      sources.register("number", Source.of(descriptor), Interest.NONE);
      return "wrong: it is not " + descriptor + ", but\n" + sources.describe();
    } catch (IllegalArgumentException right) {
      return "right";
    }
  }

  /** Now and then, so that the kernel is told of some. */
  private void poll() {
    if (++rounds % 64 == 0) {
      try {
        sources.poll(Duration.ZERO);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Source source(Object owner) {
    return switch (owner) {
      case SelectableChannel channel -> Source.of(channel);
      case Socket socket -> Source.of(socket);
      case ServerSocket socket -> Source.of(socket);
      case DatagramSocket socket -> Source.of(socket);
      case FileDescriptor descriptor -> Source.of(descriptor);
      default -> throw new IllegalArgumentException("no source: " + owner);
    };
  }
}
