package popol.windows;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import popol.spi.Readiness;
import popol.spi.Watch;

/** Checks the sockets that wake a wait: children do not inherit them, and a wake that fails is heard. */
final class WakeCheck {

  private static final int HANDLE_FLAG_INHERIT = 1;

  public static void main(String[] arguments) throws Throwable {
    Winsock.startUp();
    Winsock.startUp();
    SocketPair pair = SocketPair.open();
    check((information(pair.reader()) & HANDLE_FLAG_INHERIT) == 0, "children do not inherit the reader");
    check((information(pair.writer()) & HANDLE_FLAG_INHERIT) == 0, "children do not inherit the writer");
    WindowsPoller poller = WindowsPoller.open();
    WakeSocket wake = new WakeSocket(pair);
    check(wake.owns(pair.reader()) && wake.owns(pair.writer()), "the handle owns both sockets");
    check(!wake.owns(1), "and no other");
    poller.add(new Watch(wake.descriptor(), Readiness.READABLE));
    for (int i = 0; i < 1_000; i++) {
      check(!poller.await(0), "the handle is not set");
      wake.set();
      check(poller.await(1_000_000_000), "it is set");
      check(wake.reset(), "it can be set again");
    }
    check(wake.reset(), "a reset does not wait for a byte that was never sent");
    for (int i = 0; i < 1_000; i++) {
      wake.set(); // does not block, however often
    }
    while (poller.await(0)) {
      check(wake.reset(), "many bytes are taken");
    }
    Winsock.closesocket(pair.writer());
    try {
      wake.set();
      check(false, "a wake that fails is heard");
    } catch (IOException failed) {
      check(failed.getMessage().startsWith("send failed: "), failed.getMessage());
    }
    check(poller.await(1_000_000_000), "the waiter hears that nobody can wake it any more");
    check(!wake.reset(), "and that it needs another handle");
    wake.close();
    poller.close();
    System.out.println("sockets that wake a wait: passed");
  }

  private static int information(long handle) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flags = arena.allocate(JAVA_INT);
      int succeeded = (int) Linker.nativeLinker()
          .downcallHandle(
              SymbolLookup.libraryLookup("kernel32.dll", Arena.global()).findOrThrow("GetHandleInformation"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
          .invokeExact(MemorySegment.ofAddress(handle), flags);
      check(succeeded != 0, "GetHandleInformation");
      return flags.get(JAVA_INT, 0);
    }
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      System.out.println("FAILED: " + rule);
      System.exit(1);
    }
  }
}
