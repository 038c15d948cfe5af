package popol.inject;

import java.util.List;
import popol.inject.Points.Errno;
import popol.inject.Points.Kind;
import popol.inject.Points.Plan;

/** Makes the calls of another check fail, one point in all of them. Needs the agent. */
public final class Failures {

  /** What fails. */
  public enum What {
    /** An allocation. */
    MEMORY(new Plan(Kind.ALLOCATION, null, false)),
    /** An allocation, and all that come after it. */
    MEMORY_FROM_THEN_ON(new Plan(Kind.ALLOCATION, null, true)),
    /** A C function, by a signal. */
    INTERRUPTED(new Plan(Kind.CALL, Errno.EINTR, false)),
    /** A C function, as the kernel has no memory. */
    KERNEL_MEMORY(new Plan(Kind.CALL, Errno.ENOMEM, false)),
    /** A C function that opens a descriptor. */
    DESCRIPTOR(new Plan(Kind.CALL, Errno.EMFILE, false)),
    /** The same, and then there is no memory to say so. */
    DESCRIPTOR_AND_MEMORY(new Plan(Kind.CALL_WITHOUT_MEMORY, Errno.EMFILE, false));

    private final Plan plan;

    What(Plan plan) {
      this.plan = plan;
    }
  }

  /**
   * A call of popol.
   *
   * @param <T> what it returns
   * @param <E> what it may throw
   */
  public interface Call<T, E extends Exception> {

    /**
     * Makes the call.
     *
     * @return what it returns
     * @throws E as it may
     */
    T make() throws E;
  }

  private volatile boolean over; // a call has failed, so all others do not

  /**
   * Begins to count the points.
   *
   * @param what is to fail
   * @param n the point that does, from 1
   */
  public Failures(What what, int n) {
    Points.arm(null, what.plan, n);
  }

  /**
   * Makes a call; once more if it has failed by what was done to it.
   *
   * @param <T> what it returns
   * @param <E> what it may throw
   * @param call the call
   * @return what it returns
   * @throws E as it may
   */
  public <T, E extends Exception> T call(Call<T, E> call) throws E {
    if (!over) {
      Points.resume(Thread.currentThread());
      try {
        return call.make();
      } catch (Throwable t) {
        Points.stop();
        if (!Points.explains(t)) {
          throw t;
        }
        over = true;
      } finally {
        Points.stop();
      }
    }
    return call.make();
  }

  /**
   * Ends the counting.
   *
   * @return the failure, which shows where it was; null if there were not so many points
   */
  public static Throwable end() {
    return Points.disarm();
  }

  /** {@return how many native blocks popol has allocated and not freed} */
  public static int blocks() {
    return Points.blocks();
  }

  /** {@return misuse of C since the last call: memory freed twice, descriptors closed twice} */
  public static List<String> faults() {
    return Points.faults();
  }

  /** {@return whether the agent has rewritten popol's classes, as far as they have been loaded} */
  public static boolean isPossible() {
    return !Points.sites().isEmpty();
  }
}
