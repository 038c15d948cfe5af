import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.PipeSource;
import popol.Source;
import popol.Sources;

/**
 * Waits on pipes of Windows, and checks that they end a wait, all of them by one thread, which is there while it is
 * needed.
 */
final class PipeCheck {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int PIPES = 100; // more than WaitForMultipleObjects takes

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      leaveAChildBehind(arguments[0]);
      return;
    }
    many();
    grandchild();
    closedInAWait();
    twoRegistries();
    changes();
    awaitThreads(0, "none is left after the last registry was closed");
    System.out.println("pipes: passed");
  }

  /** Each of many pipes ends a wait, by what its child does. */
  private static void many() throws Exception {
    try (Sources<Integer> sources = Sources.open()) {
      List<PipeSource> pipes = new ArrayList<>();
      for (int i = 0; i < PIPES; i++) {
        PipeSource pipe = PipeSource.open();
        pipes.add(pipe);
        sources.register(i, Source.of(pipe), Interest.READ);
      }
      check(sources.poll(Duration.ZERO).isEmpty(), "nobody has opened a pipe");
      awaitThreads(1, "one thread waits for all pipes");
      List<OutputStream> children = new ArrayList<>();
      for (PipeSource pipe : pipes) {
        children.add(new FileOutputStream(pipe.writeEnd()));
      }
      for (int i = 0; i < PIPES; i++) {
        OutputStream child = children.get(i);
        soon(() -> child.write(new byte[3]));
        check(keys(sources.poll(SOON)).equals(Set.of(i)), "a write ends the wait");
        check(keys(sources.poll(SOON)).equals(Set.of(i)), "what is unread is reported again");
        check(pipes.get(i).read(ByteBuffer.allocate(9)) == 3, "all is read");
      }
      for (int i = 0; i < PIPES; i++) {
        OutputStream child = children.get(i);
        pipes.get(i).closeWriteEnd();
        sources.interest(i, i % 2 == 0 ? Interest.READ : Interest.NONE);
        soon(child::close);
        Set<Integer> found = new HashSet<>();
        for (Event<Integer> event : sources.poll(SOON)) {
          check(event.isHangup(), event + " is a hang-up");
          found.add(event.key());
        }
        check(found.equals(Set.of(i)), "the end of the child ends the wait, and nothing else: " + found);
        check(pipes.get(i).read(ByteBuffer.allocate(9)) < 0, "nothing comes after it");
        sources.unregister(i);
      }
      for (PipeSource pipe : pipes) {
        pipe.close();
      }
    }
  }

  /** A child that is gone while a child of its own has the pipe: the end comes when that is gone too. */
  private static void grandchild() throws Exception {
    try (Sources<String> sources = Sources.open(); PipeSource pipe = PipeSource.open()) {
      sources.register("pipe", Source.of(pipe), Interest.READ);
      Process child = pipe.start(java("child"));
      check(child.waitFor() == 0, "the child ended well");
      ByteBuffer bytes = ByteBuffer.allocate(100);
      boolean ended = false;
      while (!ended) {
        check(keys(sources.poll(SOON)).equals(Set.of("pipe")), "the grandchild writes or leaves");
        ended = pipe.read(bytes) < 0;
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).replaceAll("\r?\n", " ");
      check(text.equals("child grandchild "), "all is read before the end: " + text);
    }
  }

  /** The child's child writes after its parent has ended, which it hears of by its own input. */
  private static void leaveAChildBehind(String who) throws Exception {
    if (who.equals("child")) {
      System.out.println(who);
      System.out.flush();
      java("grandchild").redirectOutput(Redirect.INHERIT).start();
    } else {
      System.in.read();
      System.out.println(who);
    }
  }

  private static ProcessBuilder java(String argument) {
    String java = System.getProperty("java.home") + "\\bin\\java.exe";
    return new ProcessBuilder(java, "-Xlog:all=off", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
        "PipeCheck", argument).redirectError(Redirect.DISCARD);
  }

  private static void closedInAWait() throws Exception {
    try (Sources<String> sources = Sources.open(); PipeSource pipe = PipeSource.open()) {
      sources.register("pipe", Source.of(pipe), Interest.READ);
      soon(pipe::close);
      Events<String> events = sources.poll(SOON);
      check(keys(events).equals(Set.of("pipe")) && events.iterator().next().isInvalid(), "closed in a wait: " + events);
      check(sources.isEmpty(), "and taken out");
    }
  }

  private static void twoRegistries() throws Exception {
    try (Sources<String> first = Sources.open();
        Sources<String> second = Sources.open();
        PipeSource pipe = PipeSource.open()) {
      first.register("pipe", Source.of(pipe), Interest.READ);
      second.register("pipe", Source.of(pipe), Interest.READ);
      Set<Boolean> heard = new HashSet<>();
      Thread other = Thread.ofPlatform().start(() -> {
        try {
          heard.add(second.poll(SOON).isEmpty());
        } catch (IOException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      try (OutputStream child = new FileOutputStream(pipe.writeEnd())) {
        soon(() -> child.write(1));
        check(!first.poll(SOON).isEmpty(), "the first hears");
        other.join();
        check(heard.equals(Set.of(false)), "and so does the second");
      }
    }
  }

  /** Opens, closes, registers and takes out at random, while others write. */
  private static void changes() throws Exception {
    Random random = new Random(1);
    try (Sources<Integer> sources = Sources.open()) {
      PipeSource[] pipes = new PipeSource[8];
      OutputStream[] children = new OutputStream[pipes.length];
      boolean[] registered = new boolean[pipes.length];
      for (int round = 0; round < 3_000; round++) {
        int i = random.nextInt(pipes.length);
        if (pipes[i] == null) {
          pipes[i] = PipeSource.open();
          File end = pipes[i].writeEnd();
          children[i] = random.nextBoolean() ? new FileOutputStream(end) : null;
        }
        switch (random.nextInt(4)) {
          case 0 -> {
            if (!registered[i]) {
              sources.register(i, Source.of(pipes[i]), Interest.READ);
              registered[i] = true;
            }
          }
          case 1 -> {
            registered[i] = false;
            sources.unregister(i);
          }
          case 2 -> {
            if (children[i] == null) {
              children[i] = new FileOutputStream(pipes[i].writeEnd());
            }
            OutputStream child = children[i];
            if (registered[i]) {
              soon(() -> child.write(1));
              check(keys(sources.poll(SOON)).equals(Set.of(i)), "round " + round + ": heard of " + i);
            } else {
              child.write(1);
            }
            check(pipes[i].read(ByteBuffer.allocate(9)) == 1, "round " + round + ": one byte was written");
          }
          default -> {
            sources.unregister(i);
            registered[i] = false;
            pipes[i].close();
            pipes[i] = null;
            if (children[i] != null) {
              children[i].close();
              children[i] = null;
            }
          }
        }
        if (round % 10 == 0) {
          check(sources.poll(Duration.ofMillis(random.nextInt(2))).isEmpty(), "nothing was written");
        }
      }
      for (int i = 0; i < pipes.length; i++) {
        if (pipes[i] != null) {
          pipes[i].close();
        }
        if (children[i] != null) {
          children[i].close();
        }
      }
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  /** Does it in the middle of a wait, or right before. */
  private static void soon(Action action) {
    Thread waiter = Thread.currentThread();
    Thread.ofPlatform().start(() -> {
      try {
        for (int i = 0; i < 20 && waiter.getState() != Thread.State.RUNNABLE; i++) {
          Thread.yield();
        }
        action.run();
      } catch (Exception e) {
        e.printStackTrace();
      }
    });
  }

  private static <K> Set<K> keys(Events<K> events) {
    Set<K> keys = new HashSet<>();
    for (Event<K> event : events) {
      keys.add(event.key());
    }
    return keys;
  }

  private static void awaitThreads(long count, String rule) throws InterruptedException {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (threads() != count) {
      check(System.nanoTime() < deadline, rule + ": " + threads());
      Thread.sleep(1);
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("popol-pipes"))
        .count();
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      System.out.println("FAILED: " + rule);
      System.exit(1);
    }
  }
}
