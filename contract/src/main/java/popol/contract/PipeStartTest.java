package popol.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.WeakReference;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Rule 24, in both directions: how a child gets its end of a pipe, and what the name of that end is. */
class PipeStartTest extends ContractTest {

  private static final int NOISE = 8_000_000; // bytes that the JVM takes meanwhile; a quarter of what all pipes take

  @Test
  @DisplayName("rule 24: the name of an end that has been closed cannot be opened, whatever other threads open")
  void closedName() throws Exception {
    try (Openers openers = new Openers()) {
      for (ChildPipe.Opener opener : ChildPipe.BOTH) {
        for (int i = 0; i < Emulation.times(1_000); i++) {
          try (ChildPipe pipe = opener.open()) {
            File name = pipe.name();
            pipe.closeChildEnd();
            refused(() -> pipe.open(name).close());
          }
        }
      }
      openers.assertUnchanged("rule 24: and no other file had the name");
    }
  }

  @Test
  @DisplayName("rule 24: a child is not started with the name of an end that has been closed")
  void childWithClosedName() throws Exception {
    try (Openers openers = new Openers()) {
      for (ChildPipe.Opener opener : ChildPipe.BOTH) {
        ChildPipe pipe = keep(opener.open());
        ProcessBuilder builder = Children.shell("echo one", "echo one");
        pipe.redirect(builder, pipe.name());
        pipe.closeChildEnd();
        refused(() -> builder.start().waitFor());
      }
      openers.assertUnchanged("rule 24: no other file had the name");
    }
  }

  /** That what opens the name of a closed end fails. */
  private static void refused(Executable opening) {
    if (Emulation.reopensClosedEnd()) {
      assertDoesNotThrow(opening, "rule 24: the name is the pipe's");
    } else {
      assertThrows(IOException.class, opening, "rule 24: the name of a closed end cannot be opened");
    }
  }

  @Test
  @DisplayName("rule 24: nothing closes the pipe or the child's end in the middle of a start")
  void closeDuringStart() throws Exception {
    for (ChildPipe.Opener opener : ChildPipe.BOTH) {
      ChildPipe pipe = keep(opener.open());
      Thread end = Thread.ofPlatform().unstarted(pipe::closeChildEnd);
      Thread whole = Thread.ofPlatform().unstarted(pipe::close);
      ProcessBuilder builder = new ProcessBuilder(new MeddlingCommand(Children.copier().command(), () -> {
        end.start();
        whole.start();
        assertFalse(end.join(MOMENT), "rule 24: the child's end is not closed");
        assertFalse(whole.join(MOMENT), "rule 24: the pipe is not closed");
      }));
      Process child = pipe.start(builder);
      end.join();
      whole.join();
      child.getOutputStream().close();
      assertEquals(0, child.getInputStream().readAllBytes().length, "rule 24: the child had the pipe");
      end(child);
    }
  }

  /** A command that is asked for after the redirection, and before the file that it leads to is opened. */
  private static final class MeddlingCommand extends AbstractList<String> {

    private final List<String> command;
    private final Executable meddling;

    private MeddlingCommand(List<String> command, Executable meddling) {
      this.command = command;
      this.meddling = meddling;
    }

    @Override
    public String get(int index) {
      return command.get(index);
    }

    @Override
    public int size() {
      return command.size();
    }

    @Override
    public <T> T[] toArray(T[] array) {
      assertDoesNotThrow(meddling);
      return super.toArray(array);
    }
  }

  @Test
  @DisplayName("rule 24: start and close at the same time: the child has the pipe, or is not started")
  void startAndClose() throws Exception {
    int rounds = Emulation.times(100);
    int started = 0;
    try (Openers openers = new Openers()) {
      for (int i = 0; i < rounds; i++) {
        ChildPipe pipe = ChildPipe.BOTH.get(i % 2).open();
        FutureTask<Process> start = new FutureTask<>(() -> pipe.start(Children.copier()));
        Thread starter = Thread.ofPlatform().start(start);
        long delay = i == rounds - 1 ? Long.MAX_VALUE : i * 2_000_000L / rounds; // from before the start to after it
        long begin = System.nanoTime();
        await(() -> start.isDone() || System.nanoTime() - begin > delay);
        pipe.close();
        starter.join();
        started += isStarted(start, pipe) ? 1 : 0;
      }
      openers.assertUnchanged("rule 24: no other file was written to");
    }
    assertTrue(started > 0, "some were started");
  }

  /** Whether the child was started, which has then read nothing but the pipe. */
  private static boolean isStarted(FutureTask<Process> start, ChildPipe pipe) throws Exception {
    Process child;
    try {
      child = start.get();
    } catch (ExecutionException e) {
      assertSame(IllegalStateException.class, e.getCause().getClass(), "rule 24: refused because it is closed: " + e);
      return false;
    }
    child.getOutputStream().close();
    assertEquals(0, child.getInputStream().readAllBytes().length, "rule 24: it has read no other file");
    end(child);
    return true;
  }

  @Test
  @DisplayName("rule 24: an end is seen when its own child is gone, also where others were started at the same time")
  void besideOtherChildren() throws Exception {
    List<Process> others = new ArrayList<>();
    FutureTask<?> starts = new FutureTask<>(() -> {
      for (int i = 0; i < Emulation.times(40); i++) {
        others.add(Children.idler().start());
      }
      return null;
    });
    Thread starter = Thread.ofPlatform().start(starts);
    try {
      do {
        Process writer;
        try (var output = Host.openPipe()) {
          writer = output.start(Children.shell("exit 0", "exit 0"));
          assertEquals("", PipeSourceTest.readAll(output), "rule 24: the end of the output comes");
        }
        end(writer);
        Process reader;
        try (var input = Host.openSink()) {
          reader = input.start(Children.copier());
        }
        assertEquals(0, reader.getInputStream().readAllBytes().length, "rule 24: the end of the input comes");
        end(reader);
      } while (!starts.isDone());
      starts.get();
    } finally {
      starter.join();
      for (Process other : others) {
        other.getOutputStream().close();
        end(other);
      }
    }
  }

  @Test
  @DisplayName("rule 24: a program that does not exist: an IOException, and both the pipe and the builder are as before")
  void missingProgram() throws Exception {
    for (ChildPipe.Opener opener : ChildPipe.BOTH) {
      ChildPipe pipe = keep(opener.open());
      ProcessBuilder builder = Children.missing();
      Redirect before = pipe.redirect(builder);
      for (int i = 0; i < 3; i++) {
        assertThrows(IOException.class, () -> pipe.start(builder), "rule 24: there is no such program");
      }
      assertEquals(before, pipe.redirect(builder), "rule 24: the builder is as before");
      assertThrows(IndexOutOfBoundsException.class, () -> pipe.start(new ProcessBuilder()), "rule 24: no command");
      assertThrows(NullPointerException.class, () -> pipe.start(new ProcessBuilder("sh", null)),
          "rule 24: a null word");
      pipe.name();
      Process child = pipe.start(Children.copier());
      child.getOutputStream().close();
      pipe.close();
      child.getInputStream().readAllBytes();
      end(child);
    }
  }

  @Test
  @DisplayName("rule 24: start redirects for itself alone, whatever the builder redirects to")
  void redirects() throws Exception {
    for (ChildPipe.Opener opener : ChildPipe.BOTH) {
      for (Redirect redirect : List.of(Redirect.PIPE, Redirect.INHERIT)) {
        ChildPipe pipe = keep(opener.open());
        ProcessBuilder builder = Children.copier();
        pipe.redirect(builder, redirect);
        Process child = pipe.start(builder);
        assertSame(redirect, pipe.redirect(builder), "rule 24: the builder is as before");
        assertThrows(IllegalStateException.class, pipe::name, "rule 24: its end in this process is closed");
        child.getOutputStream().close();
        pipe.close();
        end(child);
      }
    }
  }

  @Test
  @DisplayName("errors: what has no child's end any more starts nothing")
  void closed() throws Exception {
    for (ChildPipe.Opener opener : ChildPipe.BOTH) {
      for (boolean whole : new boolean[] {false, true}) {
        ChildPipe pipe = keep(opener.open());
        if (whole) {
          pipe.close();
        } else {
          pipe.closeChildEnd();
        }
        ProcessBuilder builder = Children.missing();
        for (int i = 0; i < 2; i++) {
          String message = assertThrows(IllegalStateException.class, () -> pipe.start(builder), "errors: closed")
              .getMessage();
          assertTrue(message.contains("end has been closed"), "the message says what is wrong: " + message);
          assertThrows(IllegalStateException.class, pipe::name, "errors: it has no name any more");
          pipe.closeChildEnd();
        }
        assertEquals(Redirect.PIPE, pipe.redirect(builder), "errors: the builder is as before");
      }
      ChildPipe pipe = keep(opener.open());
      String message =
          assertThrows(NullPointerException.class, () -> pipe.start(null), "errors: no builder").getMessage();
      assertTrue(message.contains("builder"), "the message says what is null: " + message);
    }
  }

  @Test
  @DisplayName("rule 25: a pipe that has been closed is let go of")
  void letGo() throws Exception {
    for (ChildPipe.Opener opener : ChildPipe.BOTH) {
      assertLetGo(closed(opener), "rule 25: nobody holds it");
    }
  }

  private static WeakReference<Object> closed(ChildPipe.Opener opener) throws Exception {
    ChildPipe pipe = opener.open();
    pipe.close();
    return new WeakReference<>(switch (pipe) {
      case ChildPipe.Output(var output) -> output;
      case ChildPipe.Input(var input) -> input;
    });
  }

  @Test
  @PosixOnly
  @DisplayName("rule 10, 21: opening and closing leaves no descriptor and no memory behind")
  void nothingLeft() throws Exception {
    openAndClose(20);
    int descriptors = Leftovers.openDescriptors().size();
    long grown = Long.MAX_VALUE;
    for (int i = 0; i < 5 && grown > NOISE; i++) {
      long before = Posix.mallinfo2().orElse(0L);
      openAndClose(Emulation.times(1_000));
      grown = Posix.mallinfo2().orElse(0L) - before;
    }
    Leftovers.assertNoneSince(descriptors, "rule 10: close leaves no descriptor behind");
    assertTrue(grown <= NOISE, "rule 21: native memory is freed by close, " + grown + " bytes were not");
  }

  private static void openAndClose(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      for (ChildPipe.Opener opener : ChildPipe.BOTH) {
        opener.open().close();
        try (ChildPipe pipe = opener.open()) {
          pipe.closeChildEnd();
        }
      }
    }
  }

  @Test
  @PosixOnly
  @DisplayName("errors: too few descriptors for a pipe: the message names the limit, and none of them is lost")
  void noDescriptors() throws Exception {
    long limit = Posix.getrlimit();
    for (ChildPipe.Opener opener : ChildPipe.BOTH) {
      int descriptors = Leftovers.openDescriptors().size();
      for (int free = 0; free < 4; free++) {
        Posix.setrlimit(limitWith(free));
        try {
          opener.open().close();
          assertTrue(free > 1, "errors: a pipe needs two descriptors");
        } catch (IOException e) {
          assertTrue(e.getMessage().contains("RLIMIT_NOFILE"), "errors: it names the limit: " + e.getMessage());
        } finally {
          Posix.setrlimit(limit);
        }
        Leftovers.assertNoneSince(descriptors, "errors: no descriptor is lost");
      }
    }
  }

  /** The limit under which that many descriptors can be opened. */
  private static int limitWith(int free) throws IOException {
    int[] numbers = new int[free + 1];
    for (int i = 0; i <= free; i++) {
      numbers[i] = Posix.dup(0);
    }
    for (int number : numbers) {
      Posix.close(number);
    }
    return numbers[free];
  }

  @Test
  @PosixOnly
  @DisplayName("rule 24: a limit lowered below the number of the child's end: it is closed, and the number not touched again")
  void loweredLimit() throws Exception {
    long limit = Posix.getrlimit();
    for (ChildPipe.Opener opener : ChildPipe.BOTH) {
      ChildPipe pipe = keep(opener.open());
      int number = Integer.parseInt(pipe.name().getName());
      Posix.setrlimit(number);
      try {
        pipe.closeChildEnd();
      } finally {
        Posix.setrlimit(limit);
      }
      switch (pipe) {
        case ChildPipe.Output(var output) -> assertEquals("", PipeSourceTest.readAll(output), "rule 24: it is closed");
        case ChildPipe.Input(var input) -> PipeSinkTest.assertNobodyReads(input);
      }
      Posix.dup2(0, number);
      pipe.close();
      Posix.fcntlGetFlags(number); // throws if it has been closed
      Posix.close(number);
    }
  }

  /** Waits until a child has ended, and closes what the JDK has opened for it. */
  static void end(Process child) throws Exception {
    assertTrue(child.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), "the child ends");
    child.getOutputStream().close();
    child.getInputStream().close();
    child.getErrorStream().close();
  }
}
