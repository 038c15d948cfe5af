package popol.windows;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import popol.ffm.NativeMemory;
import popol.spi.Readiness;
import popol.spi.SystemPipe;

/**
 * A pipe with a name, by which the child's end is opened, once: {@code ProcessBuilder} takes a file for a child's
 * stream, and no handle. The name is new, or creating the pipe fails, and only programs of the same user can open it.
 * Windows has no call that waits on it and on sockets too, so it is asked. Guarded by itself.
 *
 * <p>Windows does not say how much room there is: the number it has counts the bytes that a read waits for as taken. So
 * a pipe that was full is not writable when it is asked for the first time after that, and writable again the second
 * time. A write then says whether there is room.
 */
final class NamedPipe implements SystemPipe {

  private static final int ROOM = 65536; // for bytes that have not been read yet

  // The memory: bytes to be read or written by one call, a number that a call tells, SECURITY_ATTRIBUTES, two texts.
  private static final int CHUNK = 8192;
  private static final int COUNT = CHUNK;
  private static final int ATTRIBUTES = COUNT + Long.BYTES;

  /** {@code SECURITY_ATTRIBUTES}: its size, and where it has the address of the descriptor. */
  static final int ATTRIBUTES_SIZE = 24;

  static final int DESCRIPTOR = 8;

  private static final int NAME = ATTRIBUTES + ATTRIBUTES_SIZE;

  /** All access for the owner, none for others. If it were not said, everybody could read what a child is to read. */
  private static final String OWNER_ALONE = "D:P(A;;GA;;;OW)";

  private static final AtomicInteger LATEST = new AtomicInteger();
  private static final Map<Long, NamedPipe> OPEN = new HashMap<>(); // by their handles; guarded by itself

  private final boolean reads; // whether popol's end reads
  private final String name;
  private final NativeMemory memory;
  private final ByteBuffer buffer; // the first part of the memory
  private final long[] openChildEnd; // what to open the child's end with; closing it must not allocate
  private final long handle;
  private final Long key; // the handle, for OPEN
  private boolean childEndClosed;
  private boolean full; // whether the last write found no room, and the pipe has not been asked since
  private boolean closed;

  private NamedPipe(boolean reads, String name, NativeMemory memory) throws IOException {
    this.reads = reads;
    this.name = name;
    this.memory = memory;
    buffer = memory.bytes().slice(0, CHUNK);
    openChildEnd = new long[] {
      memory.address() + NAME,
      reads ? WindowsHeaders.GENERIC_WRITE : WindowsHeaders.GENERIC_READ,
      0,
      0,
      WindowsHeaders.OPEN_EXISTING,
      0,
      0
    };
    handle = create();
    boolean opened = false;
    try {
      key = handle;
      synchronized (OPEN) {
        OPEN.put(key, this);
      }
      opened = true;
    } finally {
      if (!opened) {
        Kernel32.closeHandle(handle);
      }
    }
  }

  /**
   * Opens a pipe.
   *
   * @param reads whether popol's end reads
   * @throws IOException if the system has no room for it
   */
  static NamedPipe open(boolean reads) throws IOException {
    String name = "\\\\.\\pipe\\popol-" + ProcessHandle.current().pid() + "-" + LATEST.incrementAndGet();
    byte[] texts = (name + "\0" + OWNER_ALONE + "\0").getBytes(StandardCharsets.UTF_16LE);
    NativeMemory memory = NativeMemory.allocate(NAME + texts.length);
    boolean opened = false;
    try {
      memory.bytes().put(NAME, texts);
      memory.bytes().putInt(ATTRIBUTES, ATTRIBUTES_SIZE);
      NamedPipe pipe = new NamedPipe(reads, name, memory);
      opened = true;
      return pipe;
    } finally {
      if (!opened) {
        memory.free();
      }
    }
  }

  /** A pipe to write to is one to read from as well, because else it does not tell whether the child has left. */
  private long create() throws IOException {
    int access = reads ? WindowsHeaders.PIPE_ACCESS_INBOUND : WindowsHeaders.PIPE_ACCESS_DUPLEX;
    long attributes = memory.address() + ATTRIBUTES;
    long words = memory.address() + NAME + (name.length() + 1L) * Character.BYTES;
    if (!Advapi32.convertStringSecurityDescriptorToSecurityDescriptor(memory, words, attributes + DESCRIPTOR)) {
      throw failure("ConvertStringSecurityDescriptorToSecurityDescriptor");
    }
    try {
      long created = Kernel32.createNamedPipe(memory, memory.address() + NAME, access, ROOM, attributes);
      if (created == Kernel32.INVALID_HANDLE_VALUE) {
        throw failure("CreateNamedPipe");
      }
      return created;
    } finally {
      Kernel32.localFree(memory.bytes().getLong(ATTRIBUTES + DESCRIPTOR));
    }
  }

  /** {@return the open pipe of a handle; null if it is not one} */
  static @Nullable NamedPipe of(long handle) {
    synchronized (OPEN) {
      return OPEN.get(handle);
    }
  }

  /** {@return what the pipe is now, in bits of {@link Readiness}} */
  synchronized int readiness() {
    if (closed) {
      return Readiness.INVALID;
    }
    int available = available();
    if (reads) {
      return available > 0 ? Readiness.READABLE : isLeft(available) ? Readiness.READABLE | Readiness.HANGUP : 0;
    }
    if (available < 0) {
      return isLeft(available) ? Readiness.ERROR : 0;
    }
    boolean wasFull = full;
    full = false;
    return wasFull ? 0 : Readiness.WRITABLE;
  }

  /** How many bytes are there; below 0 if nobody has the child's end open. */
  private int available() {
    return Kernel32.peekNamedPipe(memory, handle, memory.address() + COUNT) ? count() : -1;
  }

  /** Until this process has closed the child's end there can be another child. */
  private boolean isLeft(int available) {
    return available < 0 && childEndClosed;
  }

  private int count() {
    return memory.bytes().getInt(COUNT);
  }

  @Override
  public long descriptor() {
    return handle;
  }

  @Override
  public File childEnd() {
    return new File(name);
  }

  @Override
  public ByteBuffer buffer() {
    return buffer;
  }

  /** Reads nothing but what is known to be there. */
  @Override
  public int read(int most) throws IOException {
    int available = available();
    if (available <= 0) {
      return isLeft(available) ? -1 : 0;
    }
    if (!Kernel32.readFile(memory, handle, memory.address(), Math.min(most, available), memory.address() + COUNT)) {
      throw failure("ReadFile");
    }
    return count();
  }

  @Override
  public int write(int count) throws IOException {
    if (Kernel32.writeFile(memory, handle, memory.address(), count, memory.address() + COUNT)) {
      full = count() < count;
      return count();
    }
    int error = memory.errorNumber();
    if (error == WindowsHeaders.ERROR_PIPE_LISTENING) { // nobody has opened the child's end yet
      return 0;
    }
    if (error == WindowsHeaders.ERROR_NO_DATA || error == WindowsHeaders.ERROR_BROKEN_PIPE) {
      throw new IOException("WriteFile failed: nobody can read from the pipe any more (GetLastError " + error + ")");
    }
    throw failure("WriteFile");
  }

  /** Opens it and closes that, for who has opened it once keeps others from it. A child has a handle of its own. */
  @Override
  public void closeChildEnd() {
    childEndClosed = true;
    long opened = Kernel32.createFile(memory, openChildEnd);
    if (opened != Kernel32.INVALID_HANDLE_VALUE) {
      Kernel32.closeHandle(opened);
    }
  }

  /** Lets it be opened once more, where it was opened and closed and all has been read. */
  @Override
  public void restoreChildEnd() {
    if (available() < 0 && memory.errorNumber() == WindowsHeaders.ERROR_BROKEN_PIPE) {
      Kernel32.disconnectNamedPipe(memory, handle);
      Kernel32.connectNamedPipe(memory, handle);
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (OPEN) {
      OPEN.remove(key);
    }
    Kernel32.closeHandle(handle);
    memory.free();
  }

  private IOException failure(String call) {
    return new IOException(call + " failed: GetLastError " + memory.errorNumber());
  }

  @Override
  public String toString() {
    return name;
  }
}
