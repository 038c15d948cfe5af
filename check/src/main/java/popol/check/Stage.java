package popol.check;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/**
 * A registry and its model, to which the same things are done: each method does one thing to both and compares what
 * they say. What is impossible now is left undone, so that each part of a history is a history. Ends are named by their
 * number, and all numbers name one.
 */
final class Stage implements AutoCloseable {

  private static final int ENDS = 20;
  private static final long A_WHILE = 60_000_000_000L; // nanoseconds: longer than any poll, shorter than a long timer
  private static final long SETTLED = 2_000_000_000L; // nanoseconds, in which the kernel does what it was told

  private final Statistics statistics;
  private final Calls calls;
  private final Thread poller = Thread.currentThread();
  private final List<End> ends = new ArrayList<>();
  private final List<End> all = new ArrayList<>();
  private final Map<Integer, Waker> wakers = new TreeMap<>();
  private Sources<Integer> sources;
  private Model model = new Model();
  private @Nullable Events<Integer> events; // of the last poll
  private @Nullable Iterator<Event<Integer>> iterator;
  private long began; // when the last poll did
  private long ended;
  private @Nullable Operation beside; // what is done while the next poll waits
  private boolean isBeside; // it is being done
  private boolean interrupted; // the current thread has been, and no poll has told it yet
  private boolean closedMeanwhile;

  Stage(Statistics statistics, Calls calls) throws IOException {
    this.statistics = statistics;
    this.calls = calls;
    this.sources = calls.make(Sources::open);
  }

  Stage() throws IOException {
    this(new Statistics(), Calls.PLAIN);
  }

  /** Makes a call of popol. What is done beside a poll never fails: the poll may. */
  private <T extends @Nullable Object, E extends Exception> T call(Calls.Call<T, E> call) throws E {
    return Thread.currentThread() == poller ? calls.make(call) : call.make();
  }

  private void run(Runnable call) {
    call(() -> {
      call.run();
      return null;
    });
  }

  // What is waited on

  void open(Kind kind) throws IOException {
    if (ends.size() >= ENDS) {
      ends.removeIf(end -> !end.isOpen() && model.find(end) == null);
    }
    if (ends.size() < ENDS) {
      List<End> opened = kind.open(calls);
      ends.addAll(opened);
      all.addAll(opened);
    }
  }

  private @Nullable End end(int number) {
    return ends.isEmpty() ? null : ends.get(number % ends.size());
  }

  /** What is done to an end. */
  private interface Deed {
    void to(End end) throws IOException;
  }

  private void on(int number, Deed deed) throws IOException {
    End end = end(number);
    if (end != null) {
      deed.to(end);
    }
  }

  void write(int end) throws IOException {
    on(end, End::write);
  }

  void fill(int end) throws IOException {
    on(end, End::fill);
  }

  void read(int end) throws IOException {
    on(end, End::read);
  }

  void readOne(int end) throws IOException {
    on(end, End::readOne);
  }

  void shutdownOutput(int end) throws IOException {
    on(end, End::shutdownOutput);
  }

  void shutdownInput(int end) throws IOException {
    on(end, End::shutdownInput);
  }

  void urgent(int end) throws IOException {
    on(end, End::urgent);
  }

  void takeUrgent(int end) throws IOException {
    on(end, End::takeUrgent);
  }

  void closeEnd(int end) throws IOException {
    on(end, one -> closeEnd(one, one::close));
  }

  void reset(int end) throws IOException {
    on(end, one -> closeEnd(one, one::reset));
  }

  /** Closes something. */
  private interface Closing {
    void close() throws IOException;
  }

  private void closeEnd(End end, Closing closing) throws IOException {
    boolean wasOpen = end.isOpen();
    closing.close();
    Entry entry = model.find(end);
    if (wasOpen && entry != null) {
      entry.closed = System.nanoTime();
    }
  }

  void duplicate(int end) throws IOException {
    on(end, one -> {
      if (!one.access().isRaw()) { // of a raw number nobody could tell which of the two is meant
        one.duplicate();
      }
    });
  }

  /**
   * Unregisters a raw number, closes it, gives it to another file, and registers that.
   *
   * @param key the key that it is registered under from now on
   */
  void reuse(int number, int key) throws IOException {
    End old = end(number);
    if (old == null || !old.access().isRaw() || !old.isOpen() || ends.size() >= ENDS) {
      return;
    }
    Entry entry = model.find(old);
    if (entry != null) {
      unregister(entry.key);
    }
    Posix.Pair pipe = Posix.pipe(); // before the number is free, which it would be given
    old.close();
    Posix.dup(pipe.first(), old.descriptor());
    Posix.close(pipe.first());
    Way way = new Way();
    List<End> opened = List.of(new PipeReader(new RawAccess(old.descriptor()), way),
        new PipeWriter(new RawAccess(pipe.second()), way));
    all.addAll(opened);
    ends.removeIf(end -> end == old);
    ends.addAll(opened);
    register(key, ends.indexOf(opened.getFirst()), Interest.READ, false);
  }

  // Registration

  void register(int key, int number, Interest interest, boolean owned) {
    End end = end(number);
    Entry former = model.entries.get(key);
    if (end == null || isUncertain(former)) {
      return;
    }
    boolean asOwned = owned && !end.access().isRaw();
    Source source = asOwned ? end.access().source().owned() : end.access().source();
    boolean fits = end.isOpen() && model.find(end) == null && (former == null || former.makesWay());
    if (!end.isOpen() && end.access().isRaw()) {
      return;
    }
    if (accepted(fits, () -> sources.register(key, source, interest), "register " + end + " under " + key)) {
      Entry entry = new Entry(key, Entry.Kind.SOURCE, end, asOwned);
      entry.interest(interest);
      added(entry);
    }
  }

  /** Whether it depends on what only the registry knows, or does meanwhile, if an entry makes way. */
  private boolean isUncertain(@Nullable Entry former) {
    return former != null
        && (isBeside || former.isClosed() && former.end().access().isRaw() && !former.leaving);
  }

  /** Makes a call that the registry must accept, or refuse; says whether it has accepted it. */
  private boolean accepted(boolean fits, Runnable call, String what) {
    try {
      run(call);
    } catch (IllegalArgumentException e) {
      if (fits) {
        throw new Violation(what + " was refused", e);
      }
      return false;
    }
    check(fits, () -> what + " was not refused");
    return true;
  }

  private void added(Entry entry) {
    wakers.remove(entry.key);
    model.add(entry);
  }

  void unregister(int key) {
    boolean known = model.find(key) != null;
    boolean was = call(() -> sources.unregister(key));
    Entry entry = model.entries.get(key);
    check(was == known || isBeside && (entry == null || !entry.isSource() || entry.isClosed()),
        () -> "unregister " + key + " said " + was);
    model.remove(key);
    wakers.remove(key);
  }

  void interest(int key, Interest interest) {
    changed(key, sources -> sources.interest(key, interest), interest);
  }

  void enable(int key, Interest interest) {
    changed(key, sources -> sources.enable(key, interest), before(key).plus(interest));
  }

  void disable(int key, Interest interest) {
    changed(key, sources -> sources.disable(key, interest), before(key).minus(interest));
  }

  private Interest before(int key) {
    Entry entry = model.find(key);
    return entry == null ? Interest.NONE : entry.interest;
  }

  /** Changes an interest. */
  private interface Change {
    boolean in(Sources<Integer> sources);
  }

  private void changed(int key, Change change, Interest after) {
    Entry entry = model.find(key);
    if (isBeside && (entry == null || entry.isClosed() || !entry.isSource())) {
      return; // what it says depends on what the poll has done already
    }
    boolean[] known = {false};
    boolean fits = entry == null || entry.isSource();
    if (accepted(fits, () -> known[0] = change.in(sources), "the interest of " + key)) {
      check(known[0] == (entry != null), () -> "the interest of " + key + " said " + known[0]);
      if (entry != null) {
        entry.interest(after);
      }
    }
  }

  void waker(int key) {
    Entry former = model.entries.get(key);
    if (isUncertain(former)) {
      return;
    }
    boolean fits = former == null || former.makesWay();
    Waker[] made = new Waker[1];
    if (accepted(fits, () -> made[0] = sources.waker(key), "a waker under " + key)) {
      added(new Entry(key, Entry.Kind.WAKER, null, false));
      wakers.put(key, made[0]);
    }
  }

  /** Wakes one of the wakers, named by its number. */
  void wake(int number) {
    if (wakers.isEmpty()) {
      return;
    }
    int key = List.copyOf(wakers.keySet()).get(number % wakers.size());
    Waker waker = wakers.get(key);
    Entry entry = model.find(key);
    if (waker != null && entry != null) {
      run(waker::wake);
      entry.woken = Entry.Woken.YES;
      entry.wokenSince = !isBeside;
      entry.wokenMeanwhile |= isBeside;
    }
  }

  /** @param period in microseconds; 0 for a timer that expires once */
  void timer(int key, long delay, long period) {
    Entry former = model.entries.get(key);
    if (isUncertain(former) && !(isBeside && former != null && former.kind == Entry.Kind.TIMER && !former.leaving)) {
      return;
    }
    boolean again = former != null && !former.leaving && former.kind == Entry.Kind.TIMER;
    boolean fits = former == null || again || former.makesWay();
    long before = System.nanoTime();
    Runnable call = period == 0
        ? () -> sources.timer(key, micros(delay))
        : () -> sources.timer(key, micros(delay), micros(period));
    if (accepted(fits, call, "a timer under " + key)) {
      Entry timer = again && former != null ? former : new Entry(key, Entry.Kind.TIMER, null, false);
      if (again) {
        model.takeBack(timer);
      } else {
        added(timer);
      }
      timer.set(before + delay * 1000, System.nanoTime() + delay * 1000, period * 1000);
    }
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1000);
  }

  // Polling

  /**
   * Interrupts the thread that polls: the one that waits now, or else the next poll; a channel would be closed by it.
   */
  void interrupt() {
    if (isBeside) {
      poller.interrupt();
    } else {
      interrupted = true;
    }
  }

  /** Has the next poll wait while another thread does something. */
  void beside(Operation operation) {
    beside = operation;
  }

  /** @param timeout in microseconds; below 0 for none, where there is something to come */
  void poll(int timeout) throws Exception {
    settle();
    iterator = null;
    model.begin();
    boolean mustThrow = interrupted;
    Operation other = mustThrow ? null : beside;
    beside = null;
    long now = System.nanoTime();
    long limit = timeout < 0 && !isSomethingToCome(now, other) ? 300 : timeout;
    Map<Entry, Expected> before = other == null ? Map.of() : model.expected(now, now + A_WHILE);
    Helper helper = other == null ? null : new Helper(() -> other.on(this));
    Events<Integer> former = events;
    began = System.nanoTime();
    isBeside = helper != null;
    boolean returned = false;
    try {
      if (mustThrow) {
        poller.interrupt();
      }
      if (helper != null) {
        helper.start();
      }
      events = call(() -> limit < 0 ? sources.poll() : sources.poll(micros(limit)));
      returned = true;
    } catch (InterruptedException e) {
      check(mustThrow || other != null && other.isInterrupt(), () -> "interrupted by nobody");
    } catch (ClosedSelectorException e) {
      check(other != null && other.isClose(), () -> "closed by nobody");
    } finally {
      ended = System.nanoTime();
      if (helper != null) {
        helper.join();
      }
      isBeside = false;
    }
    statistics.polls.incrementAndGet();
    if (closedMeanwhile) {
      closedMeanwhile = false;
      Thread.interrupted();
      interrupted = false;
      renew();
      return;
    }
    if (other != null && other.isInterrupt()) {
      check(Thread.interrupted() == returned, () -> "an interrupt that was neither told nor kept");
    } else {
      check(returned != mustThrow, () -> "an interrupt was not told");
    }
    interrupted = false;
    if (former != null) {
      requireStale(former, returned);
    }
    if (!returned) {
      events = null;
      return;
    }
    Map<Entry, Expected> after = model.expected(began, ended);
    if (other == null) {
      compare(after, limit, null, before);
    } else {
      List<Entry> changed = changed(other, before, after);
      compare(either(before, after), limit, other, before);
      changed.forEach(this::makeSure);
    }
  }

  private void requireStale(Events<Integer> former, boolean returned) {
    if (former == events) {
      check(!returned, () -> "the events of two polls are the same object");
      return;
    }
    try {
      int size = former.size();
      throw new Violation("the events of the poll before still have a size: " + size);
    } catch (ConcurrentModificationException stale) {
      // as it should be
    }
  }

  /** Whether a poll without a timeout ends. */
  private boolean isSomethingToCome(long now, @Nullable Operation other) {
    if (interrupted || other != null && other.endsPoll(!wakers.isEmpty())) {
      return true;
    }
    return (other == null || other.takesNothing())
        && model.expected(now, now).values().stream().anyMatch(Expected::isCertain);
  }

  private static Map<Entry, Expected> either(Map<Entry, Expected> before, Map<Entry, Expected> after) {
    Map<Entry, Expected> either = new LinkedHashMap<>();
    after.forEach((entry, expected) -> either.put(entry, expected.or(before.getOrDefault(entry, Expected.NOTHING))));
    before.forEach((entry, expected) -> either.putIfAbsent(entry, new Expected(0, expected.may())));
    return either;
  }

  /** Compares what the poll has returned with what was expected of it. */
  private void compare(
      Map<Entry, Expected> expected, long limit, @Nullable Operation other, Map<Entry, Expected> before)
      throws IOException {
    // What was removed or set anew meanwhile is not delivered, but may be in the count.
    int removed = (int) before.keySet().stream()
        .filter(entry -> model.entries.get(entry.key) != entry || other != null && other.setsTimer(entry.key)).count();
    expected.keySet().removeIf(entry -> model.entries.get(entry.key) != entry);
    expected.replaceAll(this::reported);
    expected.values().removeIf(one -> !one.isPossible());
    Events<Integer> found = Objects.requireNonNull(events);
    int certain = (int) expected.values().stream().filter(Expected::isCertain).count();
    int size = call(found::size);
    check(certain <= size && size <= expected.size() + removed,
        () -> size + " events " + found + ", expected " + expected
            + (other == null ? "" : " or so, as beside it " + other) + "\n" + sources.describe());
    if (size == 0) {
      check(limit >= 0 && ended - began >= limit * 1000, () -> "a poll of " + limit + " us ended too early");
      check(limit * 1000 < model.timeToLook() || sources.keys().stream().noneMatch(this::wasClosedBefore),
          () -> "a closed source was overlooked by a wait of " + limit + " us");
    }
    statistics.late(began, ended, limit, model.entries.values());
    statistics.events.addAndGet(size);
    model.found(expected);
    iterator = call(found::iterator);
  }

  private boolean wasClosedBefore(int key) {
    Entry entry = model.find(key);
    return entry != null && entry.isClosed() && entry.closed < began && !entry.isForgotten();
  }

  /**
   * Makes certain whether an event that leaves its key free was reported: the registry says whether the key is free.
   */
  private Expected reported(Entry entry, Expected expected) {
    boolean last = entry.isClosed() || entry.kind == Entry.Kind.TIMER && entry.period == 0;
    if (!last) {
      return expected;
    }
    int bits = Expected.INVALID | Expected.EXPIRED;
    if (!call(() -> sources.contains(entry.key))) {
      entry.leaving = true;
      entry.pending = false;
      return Expected.exactly(expected.may() & bits);
    }
    check((expected.must() & bits) == 0, () -> "not reported: " + expected + " of " + entry);
    return new Expected(0, expected.may() & ~bits); // it was open when the poll began
  }

  /** Sources of which it is not certain what the poll has reported, and so what it is silent about from now on. */
  private List<Entry> changed(Operation other, Map<Entry, Expected> before, Map<Entry, Expected> after) {
    return model.entries.values().stream().filter(entry -> entry.isSource()
        && (other.changesInterest(entry.key) || !Objects.equals(before.get(entry), after.get(entry)))).toList();
  }

  /** Makes that certain. */
  private void makeSure(Entry entry) {
    if (model.entries.get(entry.key) == entry && !entry.leaving && !entry.isClosed()) {
      interest(entry.key, entry.interest);
    }
  }

  /** Reads so many of the events of the last poll. */
  void next(int count) throws IOException {
    for (int i = 0; i < count && iterator != null; i++) {
      Iterator<Event<Integer>> current = iterator;
      if (!call(current::hasNext)) {
        iterator = null;
        String missing = model.missing();
        check(missing == null, () -> missing + "; the poll found " + events + "\n" + sources.describe());
        return;
      }
      Event<Integer> event = call(current::next);
      int bits = Expected.bits(event);
      String wrong = model.read(event.key(), bits, began, ended);
      check(wrong == null, () -> String.valueOf(wrong));
      statistics.count(bits);
    }
  }

  /** Waits until the kernel is where the ends say that it is: a TCP connection takes its time. */
  private void settle() throws IOException {
    List<End> open = all.stream().filter(End::isOpen).toList();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment array = arena.allocate((long) Math.max(1, open.size()) * Posix.POLLFD_SIZE, Integer.BYTES);
      for (int i = 0; i < open.size(); i++) {
        array.set(ValueLayout.JAVA_INT, (long) i * Posix.POLLFD_SIZE, open.get(i).descriptor());
        array.set(ValueLayout.JAVA_SHORT, (long) i * Posix.POLLFD_SIZE + 4, (short) Posix.ASKED);
      }
      long start = System.nanoTime();
      for (End wrong = wrong(array, open); wrong != null; wrong = wrong(array, open)) {
        End late = wrong;
        check(System.nanoTime() - start < SETTLED,
            () -> "the kernel says of " + late + " " + Integer.toHexString(told(array, open.indexOf(late)))
                + " and the model " + Integer.toHexString(late.truth()));
        Thread.yield();
      }
    }
  }

  private static @Nullable End wrong(MemorySegment array, List<End> open) throws IOException {
    Posix.poll(array, open.size());
    for (int i = 0; i < open.size(); i++) {
      if (told(array, i) != open.get(i).truth()) {
        return open.get(i);
      }
    }
    return null;
  }

  private static int told(MemorySegment array, int index) {
    return array.get(ValueLayout.JAVA_SHORT, (long) index * Posix.POLLFD_SIZE + 6);
  }

  // The end

  /** Closes the registry, and begins with a new one. */
  void closeRegistry() throws IOException {
    call(this::closeSources);
    call(this::closeSources);
    if (isBeside) {
      closedMeanwhile = true;
    } else {
      renew();
    }
  }

  private @Nullable Void closeSources() throws IOException {
    sources.close();
    return null;
  }

  private void renew() throws IOException {
    check(!sources.isOpen(), () -> "a closed registry says that it is open");
    try {
      boolean ignored = sources.contains(0);
      throw new Violation("a closed registry answers " + ignored);
    } catch (ClosedSelectorException closed) {
      // as it should be
    }
    for (Waker waker : wakers.values()) {
      waker.wake(); // does nothing
    }
    takeInOwned();
    wakers.clear();
    events = null;
    iterator = null;
    model = new Model();
    sources = calls.make(Sources::open);
  }

  /** The registry has closed what it owned and nothing else. */
  private void takeInOwned() {
    for (Entry entry : model.entries.values()) {
      if (entry.isSource() && !entry.leaving) {
        boolean wasOpen = entry.closed == 0;
        check(entry.end().isOpen() == (wasOpen && !entry.owned), () -> "owned or not: " + entry);
        if (wasOpen && entry.owned) {
          entry.end().closed();
        }
      }
    }
  }

  /** After each operation: what the registry says of itself. */
  void compareQuestions() {
    check(call(sources::keys).equals(model.keys()), () -> "keys " + sources.keys() + ", expected " + model.keys());
    check(call(sources::size) == model.keys().size(), () -> "size " + sources.size());
    for (Entry entry : model.entries.values()) {
      if (!entry.leaving && entry.isSource()) {
        check(call(() -> sources.interest(entry.key)).orElseThrow() == entry.interest,
            () -> "the interest of " + entry);
        check(call(() -> sources.source(entry.key)).orElseThrow().owner() == entry.end().access().source().owner()
            || entry.end().access().isRaw(), () -> "the source of " + entry);
      }
    }
  }

  /** At the end of a history: what was not read comes, and nothing but that. */
  void finish() throws Exception {
    poll(0);
    next(Integer.MAX_VALUE);
    poll(300);
    next(Integer.MAX_VALUE);
  }

  @Override
  public void close() throws IOException {
    Thread.interrupted();
    call(this::closeSources);
    for (End end : all) {
      end.release();
    }
  }

  private static void check(boolean right, Message message) {
    if (!right) {
      throw new Violation(message.text());
    }
  }

  /** Made only where something is wrong. */
  private interface Message {
    String text();
  }
}
