package popol.windows;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Set;
import java.util.TreeSet;
import popol.spi.Readiness;
import popol.spi.Watch;

/** Checks the sockets that wake a wait: a wake that fails is heard; and that children inherit nothing of popol's. */
final class WakeCheck {

  private static final int HANDLE_FLAG_INHERIT = 1;
  private static final int HANDLES = 2_000; // more than this process has

  private static final MethodHandle INFORMATION = Linker.nativeLinker().downcallHandle(
      SymbolLookup.libraryLookup("kernel32.dll", Arena.global()).findOrThrow("GetHandleInformation"),
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

  public static void main(String[] arguments) throws Throwable {
    inheritNothing();
    SocketPair pair = SocketPair.open();
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

  /** All that popol opens is open at a time: the numbers of what children inherit are the same before and after. */
  private static void inheritNothing() throws Throwable {
    Winsock.startUp();
    Winsock.startUp();
    Set<Long> before = inheritable();
    SocketPair pair = SocketPair.open();
    WindowsPoller poller = WindowsPoller.open();
    InboundPipe inbound = new InboundPipe();
    OutboundPipe outbound = new OutboundPipe();
    poller.add(new Watch(pair.reader(), Readiness.READABLE)); // WSAPoll refuses to wait on nothing
    poller.add(new Watch(inbound.handle, Readiness.READABLE));
    poller.add(new Watch(StandardInput.DESCRIPTOR, Readiness.READABLE));
    poller.await(0);
    for (long handle : new long[] {pair.reader(), pair.writer(), inbound.handle, outbound.handle}) {
      check((information(handle) & HANDLE_FLAG_INHERIT) == 0, "children do not inherit it");
    }
    check(inheritable().equals(before), "children inherit nothing of popol's: " + before + ", " + inheritable());
    inbound.close();
    outbound.close();
    poller.close();
    pair.close();
  }

  /** By trying: handles are multiples of four. */
  private static Set<Long> inheritable() throws Throwable {
    Set<Long> found = new TreeSet<>();
    for (long handle = 4; handle < 4 * HANDLES; handle += 4) {
      int flags = information(handle);
      if (flags >= 0 && (flags & HANDLE_FLAG_INHERIT) != 0) {
        found.add(handle);
      }
    }
    return found;
  }

  /** Below 0 for what is no handle. */
  private static int information(long handle) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flags = arena.allocate(JAVA_INT);
      int succeeded = (int) INFORMATION.invokeExact(MemorySegment.ofAddress(handle), flags);
      return succeeded == 0 ? -1 : flags.get(JAVA_INT, 0);
    }
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      System.out.println("FAILED: " + rule);
      System.exit(1);
    }
  }
}
