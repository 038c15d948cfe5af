package popol.macos;

import java.io.FileOutputStream;
import java.time.Duration;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.PipeSource;
import popol.Source;
import popol.Sources;
import popol.spi.HasDescriptor;

/** Waits on what {@code poll} calls invalid, as macOS's does some devices, so that {@code select} is asked about it. */
final class DeviceCheck {

  private static final Duration SOON = Duration.ofSeconds(30);

  public static void main(String[] arguments) throws Exception {
    try (Sources<String> sources = Sources.open();
        PipeSource device = PipeSource.open();
        FileOutputStream writer = new FileOutputStream(device.writeEnd())) {
      XnuPollArray.invalid = (int) ((HasDescriptor) device).descriptor();
      sources.register("device", Source.of(device), Interest.READ);
      long start = System.nanoTime();
      check(sources.poll(Duration.ofMillis(50)), "", "nothing was written");
      check(System.nanoTime() - start >= 50_000_000, "the wait was not early");
      sources.waker("waker").wake();
      check(sources.poll(SOON), "waker wake", "a wake is heard beside it");
      writer.write('x');
      check(sources.poll(SOON), "device readable", "it is readable");
      sources.interest("device", Interest.WRITE);
      check(sources.poll(Duration.ZERO), "", "and no more than that");
      XnuPollArray.invalid = -1;
    }
    System.out.println("a device that poll calls invalid: passed");
  }

  private static void check(Events<String> events, String expected, String rule) {
    StringBuilder found = new StringBuilder();
    for (Event<String> event : events) {
      found.append(event.key())
          .append(event.isReadable() ? " readable" : "")
          .append(event.isWritable() ? " writable" : "")
          .append(event.isInvalid() ? " invalid" : "")
          .append(event.isWake() ? " wake" : "");
    }
    check(found.toString().equals(expected), rule + ", found " + found);
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      System.out.println("FAILED: " + rule);
      System.exit(1);
    }
  }
}
