package popol.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Has the JDK's own cleaner run an action. A {@link java.lang.ref.Cleaner} would have a thread of its own, which
 * outlives a stopped bundle; the memory of an automatic arena has the JDK's thread.
 */
public final class GarbageCollection {

  private GarbageCollection() {}

  /**
   * Runs an action once, after one of the next garbage collections.
   *
   * @param action what to do. It is kept until then, and holds the cleaner up if it blocks
   */
  @SuppressWarnings("restricted")
  public static void after(Runnable action) {
    MemorySegment.NULL.reinterpret(0, Arena.ofAuto(), ignored -> action.run());
  }
}
