package popol.check;

import java.util.Set;
import java.util.function.Function;
import popol.Interest;

/**
 * One step of a history.
 *
 * @param action what is done
 * @param a its first number: a key, an end, a count or a time
 * @param b its second number
 * @param c its third number
 * @param isBeside whether it is done by another thread while the next poll waits
 */
record Operation(Action action, int a, int b, int c, boolean isBeside) {

  static final int KEYS = 16;

  private static final int[] TIMEOUTS = {0, 0, 0, 0, 0, 50, 300, 1500, -1, -1, 12_000}; // microseconds
  private static final int[] TIMES = {0, 0, 1, 40, 300, 2000, 1_000_000_000};
  private static final Interest[] PARTS =
      {Interest.READ, Interest.WRITE, Interest.PRIORITY, Interest.READ_CLOSED, Interest.ONCE};
  private static final String[] NAMES = {"READ", "WRITE", "PRIORITY", "READ_CLOSED", "ONCE"};

  /** What another thread can do while a poll waits, so that all that can come of it is known. */
  private static final Set<Action> BESIDE = Set.of(Action.REGISTER, Action.UNREGISTER, Action.INTEREST, Action.WAKE,
      Action.TIMER, Action.WRITE, Action.CLOSE_END, Action.INTERRUPT, Action.CLOSE);

  /** Does a step to a stage. */
  private interface Step {
    void on(Stage stage, int a, int b, int c) throws Exception;
  }

  /** What can be done; how often; and as Java. */
  enum Action {
    OPEN(14, (stage, a, b, c) -> stage.open(kind(a)), o -> "open(Kind." + kind(o.a) + ")"),
    REGISTER(24, (stage, a, b, c) -> stage.register(a % KEYS, b, interestOf(c), c % 8 == 1),
        o -> "register(" + o.a % KEYS + ", " + o.b + ", " + interestText(o.c) + ", " + (o.c % 8 == 1) + ")"),
    UNREGISTER(4, (stage, a, b, c) -> stage.unregister(a % KEYS), o -> "unregister(" + o.a % KEYS + ")"),
    INTEREST(6, (stage, a, b, c) -> stage.interest(a % KEYS, interestOf(c)),
        o -> "interest(" + o.a % KEYS + ", " + interestText(o.c) + ")"),
    ENABLE(2, (stage, a, b, c) -> stage.enable(a % KEYS, interestOf(c)),
        o -> "enable(" + o.a % KEYS + ", " + interestText(o.c) + ")"),
    DISABLE(2, (stage, a, b, c) -> stage.disable(a % KEYS, interestOf(c)),
        o -> "disable(" + o.a % KEYS + ", " + interestText(o.c) + ")"),
    WAKER(4, (stage, a, b, c) -> stage.waker(a % KEYS), o -> "waker(" + o.a % KEYS + ")"),
    WAKE(8, (stage, a, b, c) -> stage.wake(a), o -> "wake(" + o.a + ")"),
    TIMER(3, (stage, a, b, c) -> stage.timer(a % KEYS, time(b), 0),
        o -> "timer(" + o.a % KEYS + ", " + time(o.b) + ", 0)"),
    PERIODIC(1, (stage, a, b, c) -> stage.timer(a % KEYS, time(b), Math.max(20, time(c))),
        o -> "timer(" + o.a % KEYS + ", " + time(o.b) + ", " + Math.max(20, time(o.c)) + ")"),
    WRITE(12, (stage, a, b, c) -> stage.write(a), o -> "write(" + o.a + ")"),
    FILL(2, (stage, a, b, c) -> stage.fill(a), o -> "fill(" + o.a + ")"),
    READ(6, (stage, a, b, c) -> stage.read(a), o -> "read(" + o.a + ")"),
    READ_ONE(3, (stage, a, b, c) -> stage.readOne(a), o -> "readOne(" + o.a + ")"),
    SHUTDOWN_OUTPUT(3, (stage, a, b, c) -> stage.shutdownOutput(a), o -> "shutdownOutput(" + o.a + ")"),
    SHUTDOWN_INPUT(1, (stage, a, b, c) -> stage.shutdownInput(a), o -> "shutdownInput(" + o.a + ")"),
    URGENT(5, (stage, a, b, c) -> stage.urgent(a), o -> "urgent(" + o.a + ")"),
    TAKE_URGENT(2, (stage, a, b, c) -> stage.takeUrgent(a), o -> "takeUrgent(" + o.a + ")"),
    CLOSE_END(5, (stage, a, b, c) -> stage.closeEnd(a), o -> "closeEnd(" + o.a + ")"),
    RESET(2, (stage, a, b, c) -> stage.reset(a), o -> "reset(" + o.a + ")"),
    DUPLICATE(1, (stage, a, b, c) -> stage.duplicate(a), o -> "duplicate(" + o.a + ")"),
    REUSE(2, (stage, a, b, c) -> stage.reuse(a, b % KEYS), o -> "reuse(" + o.a + ", " + o.b % KEYS + ")"),
    INTERRUPT(1, (stage, a, b, c) -> stage.interrupt(), o -> "interrupt()"),
    POLL(25, (stage, a, b, c) -> stage.poll(timeout(a)), o -> "poll(" + timeout(o.a) + ")"),
    NEXT(18, (stage, a, b, c) -> stage.next(count(a)), o -> "next(" + count(o.a) + ")"),
    CLOSE(1, (stage, a, b, c) -> stage.closeRegistry(), o -> "closeRegistry()");

    final int weight;
    private final Step step;
    private final Function<Operation, String> text;

    Action(int weight, Step step, Function<Operation, String> text) {
      this.weight = weight;
      this.step = step;
      this.text = text;
    }
  }

  /** An operation, by this thread if it cannot be by another one. */
  static Operation of(Action action, int a, int b, int c, boolean isBeside) {
    return new Operation(action, a, b, c, isBeside && BESIDE.contains(action));
  }

  /** Does the operation now, or has the next poll do it. */
  void on(Stage stage) throws Exception {
    if (isBeside) {
      stage.beside(new Operation(action, a, b, c, false));
    } else {
      action.step.on(stage, a, b, c);
    }
  }

  boolean isInterrupt() {
    return action == Action.INTERRUPT;
  }

  boolean isClose() {
    return action == Action.CLOSE;
  }

  /** Whether a poll that waits ends because of this. */
  boolean endsPoll(boolean hasWaker) {
    return isInterrupt() || isClose() || action == Action.WAKE && hasWaker;
  }

  boolean changesInterest(int key) {
    return action == Action.INTEREST && a % KEYS == key;
  }

  boolean setsTimer(int key) {
    return action == Action.TIMER && a % KEYS == key;
  }

  /** Whether what is ready stays ready. A write takes the error of a datagram socket whose peer has gone. */
  boolean takesNothing() {
    return action == Action.WAKE;
  }

  private static Kind kind(int number) {
    return Kind.values()[number % Kind.values().length];
  }

  private static int timeout(int number) {
    return TIMEOUTS[number % TIMEOUTS.length];
  }

  private static int time(int number) {
    return TIMES[number % TIMES.length];
  }

  private static int count(int number) {
    return number % 3 == 0 ? 1 + number % 2 : 100;
  }

  private static Interest interestOf(int bits) {
    Interest interest = Interest.NONE;
    for (int i = 0; i < PARTS.length; i++) {
      interest = (bits >> i & 1) != 0 ? interest.plus(PARTS[i]) : interest;
    }
    return interest;
  }

  private static String interestText(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      if ((bits >> i & 1) != 0) {
        text.append(text.isEmpty() ? "Interest." + NAMES[i] : ".plus(Interest." + NAMES[i] + ")");
      }
    }
    return text.isEmpty() ? "Interest.NONE" : text.toString();
  }

  /** As Java, a call of a {@link Stage}'s method. */
  @Override
  public String toString() {
    return isBeside
        ? "beside(new Operation(Operation.Action." + action + ", " + a + ", " + b + ", " + c + ", false))"
        : action.text.apply(this);
  }
}
