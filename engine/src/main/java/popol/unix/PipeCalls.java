package popol.unix;

import java.io.IOException;
import popol.ffm.NativeMemory;

/** The calls for pipes in which Unix systems differ. */
public interface PipeCalls {

  /** The index of the read end among the descriptors of a pipe. */
  int READ_END = 0;

  /** The index of the write end. */
  int WRITE_END = 1;

  /**
   * The index of a descriptor that cannot be opened by its name: it takes the number of the child's end when that is
   * closed. A system where popol's own end cannot be opened by a child's mode needs none.
   */
  int STAND_IN = 2;

  /**
   * Opens a pipe. All its descriptors are closed in children, and popol's own end does not block.
   *
   * @param memory what to make the calls with; it begins with three ints, all -1, for the descriptors. Those that are
   *     there when the call fails are closed by the caller.
   * @param own the index of popol's own end
   * @throws IOException if one of the calls fails; the message names it
   */
  void open(NativeMemory memory, int own) throws IOException;

  /**
   * Gives the number of one descriptor to the file of another in one step, so that no other thread gets the number
   * meanwhile. The number is closed in children.
   *
   * @param memory what to make the calls with
   * @param descriptor the descriptor whose file to give
   * @param number the number of an open descriptor, which is closed
   * @return 0 or more, or below 0 the negative of errno
   */
  int replace(NativeMemory memory, int descriptor, int number);
}
