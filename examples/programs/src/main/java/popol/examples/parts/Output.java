package popol.examples.parts;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Standard output for a loop, which must never wait: printing blocks when nobody reads, such as a pager that was left
 * or a terminal that was stopped. So a thread of its own prints. What comes while too much waits is dropped and
 * counted.
 */
public final class Output implements AutoCloseable {

  private static final int MOST = 64 * 1024; // characters that wait, and one text more
  private static final String END = new String("end"); // known by its identity
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger(); // characters
  private final AtomicInteger dropped = new AtomicInteger(); // texts
  private final Thread printer = Thread.ofPlatform().daemon().name("output").start(this::run);

  /** Starts the thread. */
  public Output() {}

  /**
   * Prints a line, soon.
   *
   * @param text the line, without its end
   */
  public void println(String text) {
    print(text + System.lineSeparator());
  }

  /**
   * Prints a text as it is, soon.
   *
   * @param text the text, all of it or nothing
   */
  public void print(String text) {
    if (waiting.get() > MOST) {
      dropped.incrementAndGet();
    } else {
      waiting.addAndGet(text.length());
      texts.add(text);
    }
  }

  /** {@return whether all has been printed, as far as is known} */
  public boolean isIdle() {
    return waiting.get() == 0;
  }

  private void run() {
    try {
      for (String text = texts.take(); text != END; text = texts.take()) {
        System.out.print(text);
        waiting.addAndGet(-text.length());
        if (texts.isEmpty() && dropped.get() > 0) {
          System.out.println("[" + dropped.getAndSet(0) + " times something was not printed, because nobody read]");
        }
      }
      System.out.flush();
    } catch (InterruptedException e) {
      // nobody interrupts
    }
  }

  /** Ends the thread when it has printed what waits, or after a second. */
  @Override
  public void close() {
    texts.add(END);
    try {
      printer.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
