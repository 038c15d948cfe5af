package popol.check.races;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Sources;

/** A registry that two or three threads use at once, and polls whose outcome is a number. */
class Race {

  static final int CLOSED = -1;
  static final int INTERRUPTED = -2;
  static final int TAKEN_BACK = 9; // something was found, but removed before it was read

  /** Longer than any wait that is ended. */
  private static final int LONGEST = 40_000; // nanoseconds: a wait has begun by then
  private static final Duration LOST = Duration.ofSeconds(20);

  final Sources<Integer> sources = open();
  private final List<Pipe> pipes = new ArrayList<>();

  private static Sources<Integer> open() {
    try {
      return Sources.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Registers so many pipes in which nothing is: with more than two, a registry waits by epoll. */
  final void registerSilent(int count) {
    for (int i = 0; i < count; i++) {
      sources.register(100 + i, pipe().source(), Interest.READ);
    }
  }

  final Pipe pipe() {
    try {
      Pipe pipe = Pipe.open();
      pipe.source().configureBlocking(false);
      pipes.add(pipe);
      return pipe;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final Pipe readyPipe() {
    Pipe pipe = pipe();
    write(pipe);
    return pipe;
  }

  static void write(Pipe pipe) {
    try {
      pipe.sink().write(ByteBuffer.allocate(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets some time pass, so that what follows comes before a wait, when it begins, or in the middle. */
  static void aWhile() {
    long end = System.nanoTime() + ThreadLocalRandom.current().nextInt(LONGEST);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** How many events a look finds, or what ended it. */
  final int look() {
    return poll(Duration.ZERO);
  }

  /** How many events a wait finds that something is to end; 0 if nothing has. */
  final int await() {
    return poll(LOST);
  }

  /** The same by a virtual thread. */
  final int awaitVirtually() {
    int[] found = new int[1];
    try {
      Thread.ofVirtual().start(() -> found[0] = await()).join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return found[0];
  }

  private int poll(Duration timeout) {
    try {
      int count = 0;
      Events<Integer> events = sources.poll(timeout);
      for (Event<Integer> event : events) {
        count += event.key() >= 0 ? 1 : 0;
      }
      return count == 0 && !events.isEmpty() ? TAKEN_BACK : count;
    } catch (ClosedSelectorException e) {
      return CLOSED;
    } catch (InterruptedException e) {
      return INTERRUPTED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Frees all. */
  final void end() {
    sources.close();
    try {
      for (Pipe pipe : pipes) {
        pipe.source().close();
        pipe.sink().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
