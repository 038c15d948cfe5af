package popol.windows;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import popol.ffm.NativeMemory;
import popol.spi.Readiness;
import popol.spi.SlicedPoller;
import popol.spi.SystemPipe;

/**
 * A pipe with a name, by which the child's end is opened, once: {@code ProcessBuilder} takes a file for a child's
 * stream, and no handle. The name is new, or creating the pipe fails, and only programs of the same user can open it.
 * WSAPoll does not take it, so a poller asks it. Guarded by itself.
 */
abstract class NamedPipe implements SystemPipe {

  private static final int ROOM = 65536; // for bytes that have not been read yet

  // The memory: bytes to be read or written by one call, a number that a call tells, SECURITY_ATTRIBUTES, what a kind
  // of pipe needs besides, two texts.
  private static final int CHUNK = 8192;

  static final int COUNT = CHUNK;

  private static final int ATTRIBUTES = COUNT + Long.BYTES;

  /** {@code SECURITY_ATTRIBUTES}: its size, and where it has the address of the descriptor. */
  static final int ATTRIBUTES_SIZE = 24;

  static final int DESCRIPTOR = 8;

  /** Where in the memory a kind of pipe has its own. */
  static final int OWN = ATTRIBUTES + ATTRIBUTES_SIZE;

  private static final int NAME = OWN + 2 * Kernel32.OVERLAPPED_SIZE;

  /** All access for the owner, none for others. If it were not said, everybody could read what a child is to read. */
  private static final String OWNER_ALONE = "D:P(A;;GA;;;OW)";

  private static final AtomicLong LATEST = new AtomicLong();
  private static final Map<Long, NamedPipe> OPEN = new HashMap<>(); // by their handles; guarded by itself

  final NativeMemory memory;
  final long handle;
  final long number; // no other pipe of this process has it
  private final String name;
  private final ByteBuffer buffer; // the first part of the memory
  private final long[] openChildEnd; // what to open the child's end with; closing it must not allocate
  private final Long key; // the handle, for OPEN
  private boolean childEndClosed;
  private boolean closed;

  /**
   * Opens a pipe.
   *
   * @param access popol's own, with flags
   * @param childAccess the child's
   * @param mode of popol's end
   * @throws IOException if the system has no room for it
   */
  NamedPipe(int access, int childAccess, int mode) throws IOException {
    number = LATEST.incrementAndGet();
    name = "\\\\.\\pipe\\popol-" + ProcessHandle.current().pid() + "-" + number;
    byte[] texts = (name + "\0" + OWNER_ALONE + "\0").getBytes(StandardCharsets.UTF_16LE);
    memory = NativeMemory.allocate(NAME + texts.length);
    long created = Kernel32.INVALID_HANDLE_VALUE;
    boolean opened = false;
    try {
      memory.bytes().put(NAME, texts);
      memory.bytes().putInt(ATTRIBUTES, ATTRIBUTES_SIZE);
      buffer = memory.bytes().slice(0, CHUNK);
      openChildEnd = new long[] {at(NAME), childAccess, 0, 0, WindowsHeaders.OPEN_EXISTING, 0, 0};
      created = create(access, mode);
      handle = created;
      key = handle;
      synchronized (OPEN) {
        OPEN.put(key, this);
      }
      opened = true;
    } finally {
      if (!opened) {
        if (created != Kernel32.INVALID_HANDLE_VALUE) {
          Kernel32.closeHandle(created);
        }
        memory.free();
      }
    }
  }

  private long create(int access, int mode) throws IOException {
    long words = at(NAME) + (name.length() + 1L) * Character.BYTES;
    if (!Advapi32.convertStringSecurityDescriptorToSecurityDescriptor(memory, words, at(ATTRIBUTES + DESCRIPTOR))) {
      throw failure("ConvertStringSecurityDescriptorToSecurityDescriptor");
    }
    try {
      long created = PipeCalls.createNamedPipe(memory, at(NAME), access, mode, ROOM, at(ATTRIBUTES));
      if (created == Kernel32.INVALID_HANDLE_VALUE) {
        throw failure("CreateNamedPipe");
      }
      return created;
    } finally {
      PipeCalls.localFree(memory.bytes().getLong(ATTRIBUTES + DESCRIPTOR));
    }
  }

  /** {@return the open pipe of a handle; null if it is not one} */
  static @Nullable NamedPipe of(long handle) {
    synchronized (OPEN) {
      return OPEN.get(handle);
    }
  }

  /**
   * How a poller asks this pipe.
   *
   * @param endWait ends the poller's wait
   */
  abstract SlicedPoller.Question question(Runnable endWait);

  /** {@return what the pipe is now, in bits of {@link Readiness}} */
  final synchronized int readiness() {
    return closed ? Readiness.INVALID : look();
  }

  /** As {@link #readiness}, of a pipe that is open. */
  abstract int look();

  /** How many bytes are there; below 0 if nobody has the child's end open. */
  final int available() {
    return Kernel32.peekNamedPipe(memory, handle, at(COUNT)) ? count() : -1;
  }

  /** Until this process has closed the child's end there can be another child. */
  final boolean isLeft(int available) {
    return available < 0 && childEndClosed;
  }

  /** What the last call has told. */
  final int count() {
    return memory.bytes().getInt(COUNT);
  }

  final long at(int offset) {
    return memory.address() + offset;
  }

  final boolean isClosed() {
    return closed;
  }

  @Override
  public final long descriptor() {
    return handle;
  }

  @Override
  public final File childEnd() {
    return new File(name);
  }

  @Override
  public final ByteBuffer buffer() {
    return buffer;
  }

  /** Opens it and closes that, for who has opened it once keeps others from it. A child has a handle of its own. */
  @Override
  public final void closeChildEnd() {
    childEndClosed = true;
    long opened = PipeCalls.createFile(memory, openChildEnd);
    if (opened != Kernel32.INVALID_HANDLE_VALUE) {
      Kernel32.closeHandle(opened);
    }
  }

  /** Lets it be opened once more, where it was opened and closed and all has been read. */
  @Override
  public final void restoreChildEnd() {
    if (available() < 0 && memory.errorNumber() == WindowsHeaders.ERROR_BROKEN_PIPE) {
      PipeCalls.disconnectNamedPipe(memory, handle);
      listen();
    }
  }

  /** Lets a pipe that was disconnected be opened. */
  abstract void listen();

  @Override
  public void close() {
    closed = true;
    synchronized (OPEN) {
      OPEN.remove(key);
    }
    Kernel32.closeHandle(handle);
    memory.free();
  }

  final IOException failure(String call) {
    return new IOException(call + " failed: GetLastError " + memory.errorNumber());
  }

  @Override
  public final String toString() {
    return name;
  }
}
