import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;

/**
 * Waits on standard input, by what it is, and checks what is reported and read. Says {@code waiting} each time that
 * something is to be written to it. The argument is what standard input is; {@code children} starts those for which it
 * is one of Windows' own: what Wine inherits from Unix is not quite that.
 */
final class StandardInputCheck {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration MOMENT = Duration.ofMillis(200);
  private static final int STD_INPUT_HANDLE = -10;

  private final Sources<String> sources;
  private final FileInputStream input = new FileInputStream(FileDescriptor.in);

  private StandardInputCheck(Sources<String> sources) {
    this.sources = sources;
  }

  public static void main(String[] arguments) throws Throwable {
    try (Sources<String> sources = Sources.open()) {
      StandardInputCheck check = new StandardInputCheck(sources);
      switch (arguments[0]) {
        case "children" -> children();
        case "file" -> check.file("one two quit ");
        case "null" -> check.file("");
        case "nothing" -> check.nothing();
        case "pipe" -> check.pipe();
        case "left" -> check.left();
        case "others" -> check.others();
        case "console" -> check.console();
        case "keys" -> check.keys();
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
    if (!arguments[0].equals("children")) {
      noThreadIsLeft();
      System.out.println("standard input, " + arguments[0] + ": passed");
    }
  }

  /** Always ready, to the end. */
  private void file(String expected) throws Exception {
    sources.register("input", Source.stdin(), Interest.READ);
    StringBuilder text = new StringBuilder();
    for (String part = read(3); part != null; part = read(3)) {
      text.append(part);
    }
    check(text.toString().equals(expected), "every byte is read, and in order: " + text);
    check(sources.poll(SOON), "input ", "the end is readable, again and again");
  }

  /** As of a service: invalid once. */
  private void nothing() throws Throwable {
    takeAway();
    sources.register("input", Source.stdin(), Interest.READ);
    String found = "";
    for (Event<String> event : sources.poll(SOON)) {
      found += event.isInvalid() ? "invalid" : event.toString();
    }
    check(found.equals("invalid"), "what is not there is invalid: " + found);
    check(sources.isEmpty(), "and is taken out");
  }

  private void pipe() throws Exception {
    idle();
    System.out.println("waiting");
    check(sources.poll(MOMENT), "", "input that nobody wants is not reported");
    sources.interest("input", Interest.READ);
    StringBuilder text = new StringBuilder();
    for (String part = read(100); part != null; part = read(100)) {
      text.append(part);
    }
    check(text.toString().equals("one two three "), "every byte is read, and in order: " + text);
    check(sources.poll(SOON), "input ", "the end is readable, again and again");
  }

  /** Nobody writes any more, in the middle of a wait, and before one for a reader who is not interested. */
  private void left() throws Exception {
    idle();
    sources.interest("input", Interest.READ);
    System.out.println("waiting");
    Event<String> end = sources.poll(SOON).iterator().next();
    check(end.isReadable() && end.isHangup(), "the end of the other side ends the wait: " + end);
    check(read(1) == null, "and is read");
    sources.interest("input", Interest.NONE);
    end = sources.poll(SOON).iterator().next();
    check(end.isHangup(), "who wants nothing hears of it too: " + end);
  }

  /** Another registry, and calls of the program's own: none holds up another. */
  private void others() throws Exception {
    idle();
    sources.interest("input", Interest.READ);
    try (Sources<String> second = Sources.open()) {
      second.register("input", Source.stdin(), Interest.READ);
      for (int i = 0; i < 50; i++) {
        check(sources.poll(Duration.ofMillis(i % 3)), "", "nothing was written");
        check(second.poll(Duration.ofMillis(i % 2)), "", "nor for the other");
        check(input.available() == 0, "the program can ask");
      }
      Thread other = Thread.ofPlatform().start(() -> {
        try {
          check(second.poll(SOON), "input ", "the other registry hears as well");
        } catch (IOException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      System.out.println("waiting");
      check(sources.poll(SOON), "input ", "the registry hears");
      other.join();
    }
    byte[] buffer = new byte[4];
    check(input.read(buffer) == 4 && input.read(buffer) == 4, "the program reads what was heard of");
    Thread reader = Thread.ofPlatform().start(() -> {
      try {
        check(input.read(buffer) == 1 && input.read(buffer) < 0, "another thread can read");
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
    while (reader.isAlive()) {
      sources.poll(Duration.ofMillis(1));
    }
    Event<String> end = sources.poll(SOON).iterator().next();
    check(end.isHangup(), "and the registry hears of the end: " + end);
  }

  /** Line by line. */
  private void console() throws Exception {
    idle();
    System.out.println("waiting");
    sources.interest("input", Interest.READ);
    check(sources.poll(Duration.ofMillis(500)), "", "the beginning of a line is not readable");
    System.out.println("waiting");
    check("one ".equals(read(100)), "the line is read whole");
    check(sources.poll(MOMENT), "", "all is read");
    System.out.println("waiting");
    check("two ".equals(read(100)), "the next line is read");
  }

  /** Key by key. */
  private void keys() throws Throwable {
    turnLinesOff();
    idle();
    sources.interest("input", Interest.READ);
    System.out.println("waiting");
    check("a".equals(read(1)), "a key is read without Enter");
    check(sources.poll(MOMENT), "", "all is read");
    System.out.println("waiting");
    check("b".equals(read(1)), "the first of two keys is read");
    check("c".equals(read(1)), "the second is readable still");
    check(sources.poll(MOMENT), "", "all is read");
    int closed = (int) kernel("CloseHandle", JAVA_INT, ADDRESS).invokeExact(handle());
    check(closed != 0, "the console was closed");
    Event<String> end = sources.poll(SOON).iterator().next();
    check(end.isReadable() && end.isError(), "a console that was closed has an error: " + end);
  }

  /** Registers it, and leaves it without interest. */
  private void idle() throws Exception {
    sources.register("input", Source.stdin(), Interest.READ);
    long start = System.nanoTime();
    check(sources.poll(Duration.ofMillis(50)), "", "nothing was written");
    check(System.nanoTime() - start >= 50_000_000, "the wait was not early");
    sources.waker("waker").wake();
    check(sources.poll(SOON), "waker ", "a wake is heard beside an idle input");
    sources.disable("input", Interest.READ);
  }

  /** Waits and reads; null at the end. */
  private String read(int most) throws IOException, InterruptedException {
    check(sources.poll(SOON), "input ", "input is readable");
    check(sources.poll(Duration.ZERO), "input ", "and stays so");
    byte[] buffer = new byte[most];
    int count = input.read(buffer);
    return count < 0 ? null : new String(buffer, 0, count, StandardCharsets.US_ASCII).replaceAll("\r?\n", " ");
  }

  private static void turnLinesOff() throws Throwable {
    int set = (int) kernel("SetConsoleMode", JAVA_INT, ADDRESS, JAVA_INT).invokeExact(handle(), 0);
    check(set != 0, "the mode of the console was set");
  }

  private static MemorySegment handle() throws Throwable {
    return (MemorySegment) kernel("GetStdHandle", ADDRESS, JAVA_INT).invokeExact(STD_INPUT_HANDLE);
  }

  private static void takeAway() throws Throwable {
    int set =
        (int) kernel("SetStdHandle", JAVA_INT, JAVA_INT, ADDRESS).invokeExact(STD_INPUT_HANDLE, MemorySegment.NULL);
    check(set != 0, "standard input was taken away");
  }

  private static MethodHandle kernel(String function, MemoryLayout result, MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(
        SymbolLookup.libraryLookup("kernel32.dll", Arena.global()).findOrThrow(function),
        FunctionDescriptor.of(result, parameters));
  }

  private static void children() throws Exception {
    child("pipe", "one\n", "two\nthr", "ee\n");
    child("left");
    child("others", "1234", "5678", "9");
    Process nul = builder("null").redirectInput(new File("NUL")).start();
    nul.inputReader().lines().forEach(System.out::println);
    check(nul.waitFor() == 0, "the child ended well");
  }

  /** Writes when the child waits, and then closes. */
  private static void child(String input, String... texts) throws Exception {
    Process child = builder(input).start();
    try (BufferedReader said = child.inputReader(); OutputStream pipe = child.getOutputStream()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.equals("waiting")) {
          for (String text : texts) {
            pipe.write(text.getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
          }
          pipe.close();
        } else {
          System.out.println(line);
        }
      }
    }
    check(child.waitFor() == 0, "the child ended well");
  }

  private static ProcessBuilder builder(String input) {
    ProcessHandle.Info info = ProcessHandle.current().info();
    String java = info.command().orElse(System.getProperty("java.home") + "\\bin\\java.exe");
    return new ProcessBuilder(java, "-Xlog:all=off", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true",
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "StandardInputCheck", input)
        .redirectErrorStream(true);
  }

  private static void noThreadIsLeft() throws InterruptedException {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("popol-stdin"))) {
      check(System.nanoTime() < deadline, "the thread for standard input ends with the last registry that has it");
      Thread.sleep(1);
    }
  }

  private static void check(Events<String> events, String keys, String rule) {
    StringBuilder found = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (Event<String> event : events) {
      check(event.isReadable() || event.isWake(), event + " is readable or a wake");
      found.append(event.key()).append(' ');
      text.append(event).append(' ');
    }
    check(found.toString().equals(keys), rule + ", found " + text);
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      System.out.println("FAILED: " + rule);
      System.exit(1);
    }
  }
}
