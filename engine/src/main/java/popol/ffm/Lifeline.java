package popol.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Has the JDK's own cleaner run an action once an object cannot be reached any more. A {@link java.lang.ref.Cleaner}
 * would have a thread of its own, which outlives a stopped bundle; the memory of an automatic arena has the JDK's.
 */
public final class Lifeline {

  private final Arena arena = Arena.ofAuto();

  /**
   * Ties an action to this object. An object that is to be cleaned up after keeps its lifeline in a field.
   *
   * @param action what to do once the lifeline cannot be reached. It must not reach the lifeline, nor block or throw
   */
  @SuppressWarnings("restricted")
  public Lifeline(Runnable action) {
    MemorySegment.NULL.reinterpret(0, arena, ignored -> action.run());
  }
}
