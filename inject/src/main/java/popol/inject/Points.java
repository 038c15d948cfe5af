package popol.inject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The points at which popol can be made to fail. Popol's rewritten classes call the static methods at each of them, and
 * the n-th point that the armed thread reaches fails: an allocation throws {@link OutOfMemoryError}, a C function
 * returns an error, a method of a key throws.
 */
public final class Points {

  /** What is made to fail, one of them in a run; after a call that fails there can be no memory to say so. */
  enum Kind {
    ALLOCATION, CALL, KEY, CALL_WITHOUT_MEMORY
  }

  /**
   * How it fails.
   *
   * @param kind the points that count
   * @param error what a C function reports, null for other points
   * @param lasting whether all points fail from the n-th on, as when the memory has really run out
   */
  record Plan(Kind kind, Errno error, boolean lasting) {
    @Override
    public String toString() {
      return switch (kind) {
        case ALLOCATION -> "out of memory";
        case CALL -> "call fails by " + error;
        case CALL_WITHOUT_MEMORY -> "call fails by " + error + " and there is no memory";
        case KEY -> "key throws";
      } + (lasting ? " from then on" : "");
    }
  }

  /** Error numbers of Linux, and the functions that can report them: null for all. */
  enum Errno {
    EINTR(4, Set.of("poll", "ppoll", "epoll_wait", "epoll_pwait2", "read", "write", "open", "close")),
    ENOMEM(12, null),
    EMFILE(24, Set.of("eventfd", "epoll_create1", "pipe2", "open", "fcntl", "dup", "socket", "timerfd_create"));

    private final int number;
    private final Set<String> functions;

    Errno(int number, Set<String> functions) {
      this.number = number;
      this.functions = functions;
    }

    boolean isOf(String function) {
      return functions == null || functions.contains(function);
    }
  }

  /** A lasting failure ends after so many, so that a loop that tries again ends as well. */
  private static final int MOST = 1_000;

  private static final int EPOLL_CTL_DEL = 2;
  private static final int EBADF = 9;
  private static final long ERRNO =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

  private static final List<String> SITES = new ArrayList<>(); // each place in popol's code; guarded by itself
  private static final BitSet TRIED = new BitSet(); // the sites that have failed
  private static final Map<Long, String> FUNCTIONS = new ConcurrentHashMap<>(); // names by address
  private static final Set<Long> BLOCKS = ConcurrentHashMap.newKeySet(); // allocated, and not freed
  private static final List<String> FAULTS = new ArrayList<>(); // misuse of C; guarded by itself
  private static final ThreadLocal<Boolean> CLOSE_FAILS = ThreadLocal.withInitial(() -> false);

  private static volatile Thread armed; // what follows belongs to it
  private static Plan plan;
  private static long remaining; // points until the first that fails
  private static int failures;
  private static Errno again; // what the next call reports; null for nothing
  private static int initializing; // static initializers that are running
  private static Throwable first; // shows where the first failure was

  private Points() {}

  // The harness

  /**
   * Makes a thread fail.
   *
   * @param thread the thread
   * @param how what fails
   * @param n the point that fails first, from 1
   */
  static void arm(Thread thread, Plan how, int n) {
    plan = how;
    remaining = n;
    failures = 0;
    initializing = 0;
    again = null;
    first = null;
    armed = thread;
  }

  /** Lets a thread reach the points that are left, if there is something armed. */
  static void resume(Thread thread) {
    armed = thread;
  }

  /** Ends the failing, for now. */
  static void stop() {
    armed = null;
  }

  /**
   * Ends the failing.
   *
   * @return where the first failure was; null if there was none, so that there is no n-th point
   */
  static Throwable disarm() {
    armed = null;
    return first;
  }

  /** {@return whether something that was thrown comes from a point that failed} */
  static boolean isInjected(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof Injected || t.getMessage() != null && t.getMessage().startsWith(Injected.TEXT)) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether something that was thrown is what becomes of the point that failed} */
  static boolean explains(Throwable thrown) {
    boolean systems = thrown instanceof IOException || thrown instanceof UncheckedIOException
        || thrown instanceof OutOfMemoryError
        || thrown instanceof IllegalStateException && thrown.getMessage() != null
            && thrown.getMessage().startsWith("popol cannot get at the descriptor");
    return isInjected(thrown) || first instanceof Injected && systems;
  }

  /** {@return how many native blocks are allocated} */
  static int blocks() {
    return BLOCKS.size();
  }

  /** {@return misuse of C since the last call: memory freed twice, descriptors closed twice} */
  static List<String> faults() {
    synchronized (FAULTS) {
      List<String> found = List.copyOf(FAULTS);
      FAULTS.clear();
      return found;
    }
  }

  /** {@return the number of places in popol's code that have failed} */
  static int tried() {
    return TRIED.cardinality();
  }

  /** {@return the places in popol's classes that have been loaded} */
  static List<String> sites() {
    synchronized (SITES) {
      return List.copyOf(SITES);
    }
  }

  /** {@return those of them that have never failed} */
  static List<String> untried() {
    List<String> all = sites();
    List<String> untried = new ArrayList<>();
    for (int site = TRIED.nextClearBit(0); site < all.size(); site = TRIED.nextClearBit(site + 1)) {
      untried.add(all.get(site));
    }
    return untried;
  }

  /** A method of a key is called. */
  static void key(String method) {
    if (reached(Kind.KEY)) {
      throw (Injected) failed(new Injected("Key." + method));
    }
  }

  /** {@return the number of a new site} */
  static int site(String text) {
    synchronized (SITES) {
      SITES.add(text);
      return SITES.size() - 1;
    }
  }

  /** {@return the name of a C function, as far as it is known} */
  private static String name(MemorySegment function) {
    return FUNCTIONS.getOrDefault(function.address(), "unknown function");
  }

  // Popol's rewritten classes

  /**
   * Popol is about to allocate, or has just called a method that can fail after its work is done.
   *
   * @param site the place in popol's code
   */
  public static void allocation(int site) {
    if (reached(Kind.ALLOCATION)) {
      TRIED.set(site);
      throw (OutOfMemoryError) failed(new OutOfMemoryError(Injected.TEXT + SITES.get(site)));
    }
  }

  /** A static initializer begins. One that fails makes its class unusable for good, so nothing in it fails. */
  public static void beginInitializer() {
    if (Thread.currentThread() == armed) {
      initializing++;
    }
  }

  /** A static initializer ends. */
  public static void endInitializer() {
    if (Thread.currentThread() == armed) {
      initializing--;
    }
  }

  /**
   * A C function was bound.
   *
   * @param function its address
   * @param name its name
   */
  public static void bound(MemorySegment function, String name) {
    FUNCTIONS.put(function.address(), name);
  }

  /**
   * A C function is about to be called.
   *
   * @param function its address
   * @param state where its error number goes
   * @param a its first argument
   * @param b its second argument
   * @return whether it is not to be called, because it fails
   */
  public static boolean fails(MemorySegment function, MemorySegment state, long a, long b) {
    String name = name(function);
    if (name.equals("free")) {
      if (a != 0 && !BLOCKS.remove(a)) {
        fault("free of a block that is not allocated");
      }
      return false;
    }
    Errno error = again;
    if (error != null && Thread.currentThread() == armed) { // the same call once more, to be told why it failed
      again = null;
      state.set(ValueLayout.JAVA_INT, ERRNO, error.number);
      return true;
    }
    Plan current = plan;
    if (!failsNow(name, b)) {
      return false;
    }
    if (name.equals("close")) { // always closes, whatever it reports
      CLOSE_FAILS.set(true);
      return false;
    }
    state.set(ValueLayout.JAVA_INT, ERRNO, current.error().number);
    return true;
  }

  /**
   * A C function is about to be called without its error number. If it fails it is called once more, with the number; a
   * signal has passed then, and what had another reason fails again.
   *
   * @param function its address
   * @param a its first argument
   * @param b its second argument
   * @return whether it is not to be called, because it fails
   */
  public static boolean failsPlainly(MemorySegment function, long a, long b) {
    Plan current = plan;
    if (!failsNow(name(function), b)) {
      return false;
    }
    again = current.error() == Errno.EINTR ? null : current.error();
    return true;
  }

  private static boolean failsNow(String name, long b) {
    // The kernel has nothing to allocate for this one.
    if (name.equals("epoll_ctl") && b == EPOLL_CTL_DEL || !isCounted(name) || !reached(plan.kind())) {
      return false;
    }
    failed(new Injected("C function " + name + " reports " + plan.error()));
    if (plan.kind() == Kind.CALL_WITHOUT_MEMORY) {
      plan = new Plan(Kind.ALLOCATION, null, true);
    }
    return true;
  }

  /**
   * What a C function returns that is not called.
   *
   * @param function its address
   * @return its result
   */
  public static long failure(MemorySegment function) {
    return name(function).equals("calloc") ? 0 : -1;
  }

  /**
   * A C function has been called.
   *
   * @param result what it returned
   * @param function its address
   * @param state where its error number is
   * @return what it is to return
   */
  public static long called(long result, MemorySegment function, MemorySegment state) {
    String name = name(function);
    if (name.equals("calloc") && result != 0) {
      BLOCKS.add(result);
    } else if (name.equals("close")) {
      if (result < 0 && state.get(ValueLayout.JAVA_INT, ERRNO) == EBADF) {
        fault("close of a descriptor that is not open");
      }
      if (CLOSE_FAILS.get()) {
        CLOSE_FAILS.set(false);
        state.set(ValueLayout.JAVA_INT, ERRNO, Errno.EINTR.number);
        return -1;
      }
    }
    return result;
  }

  private static boolean isCounted(String function) {
    Plan current = plan;
    return armed != null && current.error() != null && current.error().isOf(function);
  }

  private static void fault(String text) {
    synchronized (FAULTS) {
      FAULTS.add(text);
    }
  }

  private static boolean reached(Kind kind) {
    if (Thread.currentThread() != armed || plan.kind() != kind || initializing > 0) {
      return false;
    }
    remaining--;
    return remaining == 0 || remaining < 0 && plan.lasting() && failures < MOST;
  }

  private static Throwable failed(Throwable failure) {
    failures++;
    if (first == null) {
      first = failure;
    }
    return failure;
  }

  /** What a key throws; for a C function that fails, it shows where. */
  static final class Injected extends RuntimeException {

    static final String TEXT = "injected: ";

    private static final long serialVersionUID = 1;

    Injected(String point) {
      super(TEXT + point);
    }
  }
}
