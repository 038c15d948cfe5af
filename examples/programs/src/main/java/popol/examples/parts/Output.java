package popol.examples.parts;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Standard output for a loop, which must never wait: printing blocks when nobody reads, such as a pager that was left or a
 * terminal that was stopped. So a thread of its own prints. What finds no room in the queue is dropped and counted.
 */
public final class Output implements AutoCloseable {

  private static final int MOST = 500; // texts that wait
  private static final String END = new String("end"); // known by its identity
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final BlockingQueue<String> texts = new ArrayBlockingQueue<>(MOST);
  private final AtomicLong dropped = new AtomicLong();
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
    if (!texts.offer(text)) {
      dropped.incrementAndGet();
    }
  }

  private void run() {
    try {
      for (String text = texts.take(); text != END; text = texts.take()) {
        System.out.print(text);
        if (texts.isEmpty()) {
          System.out.flush();
          long count = dropped.getAndSet(0);
          if (count > 0) {
            System.out.println("[" + count + " times something was not printed, because nobody read]");
          }
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
    try {
      if (texts.offer(END, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        printer.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
