package popol.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A block of the C library's heap, zero at first, with room for the error number of the calls that are made with it. It
 * is no memory of an arena, because closing a shared arena makes a handshake with every thread of the JVM, and passing
 * its memory to a call costs two atomic operations. Who owns a block frees it, once, when no call uses it any more: the
 * registry's lock sees to that. After that the block has no buffer to be written by, and address 0.
 *
 * <p>One thread at a time makes calls with a block.
 */
public final class NativeMemory {

  /** For calls whose error number nobody reads; written by many threads, and freed with this class. */
  private static final NativeMemory NOBODY = new NativeMemory(Arena.ofAuto().allocate(ErrorNumber.SIZE, Long.BYTES), 0);

  private static final NativeFunction CALLOC_CALL = NativeFunction.of(StandardHeaders.CALLOC);
  private static final NativeFunction FREE_CALL = NativeFunction.of(StandardHeaders.FREE);

  private final MemorySegment state; // the error number
  private long block; // what free is given; 0 once it has been freed, or where there is nothing to free
  private long address;
  private ByteBuffer bytes;

  private NativeMemory(MemorySegment block, int size) {
    this.state = block.asSlice(0, ErrorNumber.SIZE);
    this.address = block.address() + ErrorNumber.SIZE;
    this.bytes = block.asSlice(ErrorNumber.SIZE, size).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /**
   * Allocates a block.
   *
   * @param size the number of bytes, apart from the error number
   * @return the block, aligned for every type of C
   * @throws OutOfMemoryError if the C library has no memory left
   */
  @SuppressWarnings("restricted")
  public static NativeMemory allocate(int size) {
    long length = ErrorNumber.SIZE + size;
    long block = CALLOC_CALL.raw(NOBODY, 1, length, 0, 0, 0, 0);
    if (block == 0) {
      throw new OutOfMemoryError("the C library has no memory for " + size + " bytes");
    }
    try {
      NativeMemory memory = new NativeMemory(MemorySegment.ofAddress(block).reinterpret(length), size);
      memory.block = block;
      return memory;
    } catch (Throwable t) {
      FREE_CALL.raw(NOBODY, block, 0, 0, 0, 0, 0);
      throw t;
    }
  }

  /**
   * Memory for calls whose error number nobody reads. It cannot be freed.
   *
   * @return a block of size 0, which many threads can use at the same time
   */
  public static NativeMemory none() {
    return NOBODY;
  }

  /** {@return where the block begins, to be passed to a call; 0 once it has been freed} */
  public long address() {
    return address;
  }

  /** {@return the bytes, in the processor's order; null once they have been freed} */
  public ByteBuffer bytes() {
    return bytes;
  }

  MemorySegment state() {
    return state;
  }

  /** {@return the error number of the last call that was made with this block and failed} */
  public int errorNumber() {
    return ErrorNumber.of(state);
  }

  /** Gives the block back to the C library. Can be called again. */
  @SuppressWarnings("NullAway") // there are no bytes any more, and a use of them is an error that shows
  public void free() {
    if (block != 0) {
      long freed = block;
      block = 0;
      address = 0;
      bytes = null;
      FREE_CALL.raw(NOBODY, freed, 0, 0, 0, 0, 0);
    }
  }
}
