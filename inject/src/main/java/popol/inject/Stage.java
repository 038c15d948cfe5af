package popol.inject;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.Sources;
import popol.Waker;

/**
 * One registry, and all that is registered with it. A scenario sets it up and makes one call that may fail; then the
 * stage holds the registry against the contract: nothing lost, nothing twice, nothing deaf.
 */
final class Stage {

  private static final long SECOND = 1_000_000_000L;

  final Sources<Key> sources;
  final Map<String, Actor> actors = new LinkedHashMap<>();
  final List<AutoCloseable> closing = new ArrayList<>(); // at the end, the last one first
  private final List<Told> told = Collections.synchronizedList(new ArrayList<>()); // by polls since the last check
  Then then = thrown -> {};
  Class<? extends Throwable> expected; // what the call throws when nothing fails; null for nothing
  boolean counts; // what was reported while the stage was set
  boolean virtual; // the call is made on a virtual thread
  Thread victim; // on which the points fail; null for the thread of the call
  boolean closed; // the call closes the registry

  Stage() throws IOException {
    sources = Sources.open();
  }

  /** What a call was for the stage, made after it. */
  interface Then {
    void called(Throwable thrown) throws Exception;
  }

  /** What an event said. */
  private record Told(Key key, String what) {}

  // The cast

  /** The read end of a pipe, as a raw descriptor. */
  final class Wire extends Actor {

    final int near;
    final int far;
    final Source source;
    Interest interest = Interest.READ;

    Wire(String name) throws IOException {
      this(name, Posix.pipe());
    }

    private Wire(String name, int[] ends) {
      this(name, ends[0], ends[1]);
    }

    Wire(String name, int near, int far) {
      super(name);
      this.near = near;
      this.far = far;
      this.source = Source.of(near);
      actors.put(name, this);
    }

    Wire in() {
      sources.register(key, source, interest);
      registered = true;
      return this;
    }

    /** With a byte in it. */
    Wire ready() throws IOException {
      Posix.write(far);
      level = "readable";
      return this;
    }

    @Override
    void register(Stage stage) {
      in();
    }

    @Override
    void stir(Stage stage) throws IOException {
      Posix.write(far);
    }

    @Override
    String stirred() {
      return "readable";
    }

    @Override
    void calm() throws IOException {
      Posix.read(near);
    }

    @Override
    void close() {
      Posix.close(near);
      Posix.close(far);
    }
  }

  /** A regular file, which {@code epoll} refuses and which is always ready. */
  final class Plain extends Actor {

    private final Source source;
    private final Interest interest;

    Plain(String name, Interest interest) throws IOException {
      super(name);
      Path file = Files.createTempFile("popol-inject", null);
      Set<Integer> before = Posix.open();
      FileInputStream in = new FileInputStream(file.toFile());
      closing.add(() -> Files.delete(file));
      closing.add(in);
      Set<Integer> after = Posix.open();
      after.removeAll(before);
      this.source = Source.of(after.iterator().next());
      this.interest = interest;
      this.mute = true;
      actors.put(name, this);
    }

    Plain in() {
      sources.register(key, source, interest);
      registered = true;
      level = interest == Interest.NONE ? null : "readable";
      return this;
    }

    @Override
    void register(Stage stage) {
      in();
    }

    @Override
    void stir(Stage stage) {}

    @Override
    String stirred() {
      return "readable";
    }
  }

  /** A pipe of the JDK's, whose closing is seen. */
  final class Channel extends Actor {

    final Pipe pipe = Pipe.open();

    Channel(String name) throws IOException {
      super(name);
      pipe.source().configureBlocking(false); // so that it is found without flags
      actors.put(name, this);
    }

    SelectableChannel near() {
      return pipe.source();
    }

    Channel in() {
      sources.register(key, near(), Interest.READ);
      registered = true;
      return this;
    }

    /** Closes it, which is to be reported. */
    Channel dead() throws IOException {
      near().close();
      owed("invalid");
      leaves = true;
      mute = true;
      return this;
    }

    @Override
    void register(Stage stage) {
      in();
    }

    @Override
    void stir(Stage stage) throws IOException {
      pipe.sink().write(ByteBuffer.wrap(new byte[1]));
    }

    @Override
    String stirred() {
      return "readable";
    }

    @Override
    void calm() throws IOException {
      pipe.source().read(ByteBuffer.allocate(16));
    }

    @Override
    void close() throws IOException {
      pipe.sink().close();
      pipe.source().close();
    }
  }

  /** A waker. */
  final class Bell extends Actor {

    Waker waker;

    Bell(String name) {
      super(name);
      actors.put(name, this);
    }

    Bell in() {
      waker = sources.waker(key);
      registered = true;
      return this;
    }

    Bell woken() {
      waker.wake();
      owed("wake");
      return this;
    }

    @Override
    void register(Stage stage) {
      in();
    }

    @Override
    void stir(Stage stage) {
      if (waker == null) { // the call that made it threw, and it is there
        throw new Violation("the waker " + this + " is registered, and nobody has it");
      }
      waker.wake();
    }

    @Override
    String stirred() {
      return "wake";
    }
  }

  /** A timer. */
  final class Clock extends Actor {

    Clock(String name) {
      super(name);
      actors.put(name, this);
    }

    /** One that will not expire. */
    Clock in() {
      sources.timer(key, Duration.ofHours(1));
      registered = true;
      return this;
    }

    /** One that has expired. */
    Clock expired() {
      sources.timer(key, Duration.ZERO);
      registered = true;
      leaves = true;
      owed("expired");
      return this;
    }

    @Override
    void register(Stage stage) {
      in();
    }

    @Override
    void stir(Stage stage) {
      sources.timer(key, Duration.ZERO);
      leaves = true;
    }

    @Override
    String stirred() {
      return "expired";
    }
  }

  /** Raw descriptors that are silent. */
  void wires(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      new Wire("wire" + i).in();
    }
  }

  /** One of each kind, silent, so that whatever becomes deaf is noticed. */
  void extras() throws IOException {
    wires(2);
    new Channel("channel").in();
    new Bell("bell").in();
    new Clock("clock").in();
  }

  // Polling

  /** A poll, and all its events. */
  void poll(Duration timeout) throws IOException, InterruptedException {
    take(sources.poll(timeout));
  }

  /** What was reported while the stage was set is done with. */
  void forget() {
    told.clear();
  }

  /** One event. */
  void take(Event<Key> event) {
    told.add(new Told(event.key(), text(event)));
  }

  void take(Events<Key> events) {
    for (Event<Key> event : events) {
      take(event);
    }
  }

  static String text(Event<?> event) {
    StringBuilder text = new StringBuilder();
    add(text, event.isReadable(), "readable");
    add(text, event.isWritable(), "writable");
    add(text, event.isPriority(), "priority");
    add(text, event.isReadClosed(), "read-closed");
    add(text, event.isHangup(), "hangup");
    add(text, event.isError(), "error");
    add(text, event.isInvalid(), "invalid");
    add(text, event.isWake(), "wake");
    add(text, event.isExpired(), "expired");
    return text.toString();
  }

  private static void add(StringBuilder text, boolean is, String name) {
    if (is) {
      text.append(text.isEmpty() ? "" : "+").append(name);
    }
  }

  // The contract

  /** Holds the registry against the contract, after the call. */
  void check(Throwable thrown) throws Exception {
    then.called(thrown);
    if (!sources.isOpen()) {
      if (!closed) {
        throw new Violation("the registry is closed");
      }
      return;
    }
    if (closed && thrown == null) {
      throw new Violation("close has returned, and the registry is open");
    }
    for (Actor actor : List.copyOf(actors.values())) {
      settle(actor);
    }
    checkKeys("after the call");
    drain();
    checkKeys("after all was reported");
    for (Actor actor : List.copyOf(actors.values())) {
      if (actor.registered && !actor.mute && actor.level == null) {
        stir(actor);
      }
    }
    drain();
    for (Actor actor : List.copyOf(actors.values())) {
      if (sources.contains(actor.key) && !sources.unregister(actor.key)) {
        throw new Violation(actor + " cannot be unregistered");
      }
      actor.registered = false;
      actor.silent();
    }
    checkKeys("after all was unregistered");
    drain();
    Wire last = new Wire("last").in();
    stir(last);
  }

  /** Asks whether it is registered, where the contract leaves that open; what is not there can be registered. */
  private void settle(Actor actor) throws Exception {
    if (!actor.unsure) {
      return;
    }
    actor.unsure = false;
    actor.registered = sources.contains(actor.key);
    if (!actor.registered) {
      if (actor.once != null) {
        actor.least = 0; // it may have been told before it was removed
        actor.most = actor.told;
      }
      if (!actor.mute) {
        actor.register(this);
      }
    }
  }

  private void checkKeys(String when) {
    Set<String> found = new HashSet<>();
    for (Key key : sources.keys()) {
      found.add(key.name());
    }
    Set<String> expected = new HashSet<>();
    for (Actor actor : actors.values()) {
      String name = actor.key.name();
      boolean open = actor.leaves && actor.once != null; // it goes when it is reported, which the call may have done
      if (open ? found.contains(name) : actor.registered) {
        expected.add(name);
      }
    }
    if (!found.equals(expected)) {
      throw new Violation(when + " the keys are " + difference(found, expected));
    }
    if (sources.size() != expected.size()) {
      throw new Violation(when + " size() is " + sources.size() + " with " + expected.size() + " keys");
    }
    if (sources.describe().isEmpty()) {
      throw new Violation("describe() says nothing");
    }
  }

  private static String difference(Set<String> found, Set<String> expected) {
    Set<String> more = new HashSet<>(found);
    more.removeAll(expected);
    Set<String> less = new HashSet<>(expected);
    less.removeAll(found);
    return "without " + less + " and with " + more;
  }

  /** Polls until everything that is owed has been reported, and then to see that nothing comes twice. */
  private void drain() throws Exception {
    sort(null);
    long end = System.nanoTime() + 2 * SECOND;
    while (isOwed() && System.nanoTime() - end < 0) {
      pollAll(Duration.ofMillis(1));
    }
    for (Actor actor : actors.values()) {
      if (actor.once != null && actor.told < actor.least) {
        throw new Violation(actor + " is lost: it was to be reported " + actor.once);
      }
    }
    for (int i = 0; i < 2; i++) {
      pollAll(Duration.ZERO);
    }
    for (Actor actor : actors.values()) {
      if (actor.once != null && actor.leaves && actor.told > 0) {
        actor.registered = false;
        actor.leaves = false;
      }
      actor.once = null;
      actor.told = 0;
    }
  }

  private boolean isOwed() {
    for (Actor actor : actors.values()) {
      if (actor.once != null && actor.told < actor.least) {
        return true;
      }
    }
    return false;
  }

  private void pollAll(Duration timeout) throws Exception {
    poll(timeout);
    Set<Actor> heard = new HashSet<>();
    sort(heard);
    for (Actor actor : actors.values()) {
      if (actor.registered && actor.level != null && !heard.contains(actor)) {
        throw new Violation(actor + " is deaf: it is " + actor.level + ", and a poll does not say so");
      }
    }
  }

  /** Takes in what was told; each key once, if it is of one batch. */
  private void sort(Set<Actor> batch) {
    for (Told one : told) {
      Actor actor = actors.get(one.key().name());
      if (batch != null && !batch.add(actor)) {
        throw new Violation(actor + " is twice in a batch");
      }
      if (actor.once != null && one.what().equals(actor.once)) {
        actor.told++;
        if (actor.told > actor.most) {
          throw new Violation(actor + " is reported " + one.what() + " once more than it happened");
        }
      } else if (!one.what().equals(actor.level)) {
        throw new Violation(actor + " is reported " + one.what() + ", and should be "
            + (actor.once != null ? actor.once : actor.level != null ? actor.level : "silent"));
      }
    }
    told.clear();
  }

  /** Something happens to it, and the next poll reports it, as often as it should. */
  private void stir(Actor actor) throws Exception {
    actor.stir(this);
    boolean source = actor.stirred().equals("readable");
    if (source) {
      actor.level = actor.stirred();
      pollAll(Duration.ZERO);
      pollAll(Duration.ZERO);
      actor.calm();
      actor.level = null;
    } else {
      actor.owed(actor.stirred());
      pollAll(Duration.ZERO);
      if (actor.told == 0) {
        throw new Violation(actor + " is deaf: it is " + actor.stirred() + ", and a poll does not say so");
      }
      actor.registered = !actor.leaves;
      actor.leaves = false;
    }
    pollAll(Duration.ZERO);
    actor.silent();
  }

  /** Closes the registry, which must not take for ever. */
  void shut() throws Exception {
    FutureTask<Void> closing = new FutureTask<>(sources::close, null);
    Thread.ofPlatform().daemon().start(closing);
    try {
      closing.get(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new Violation("close does not return");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception thrown ? thrown : e;
    }
  }

  /** Closes the registry, and then what was registered. */
  void close() throws Exception {
    try {
      shut();
      if (sources.isOpen()) {
        throw new Violation("close has returned, and the registry is open");
      }
    } finally {
      for (Actor actor : actors.values()) {
        actor.close();
      }
      for (int i = closing.size() - 1; i >= 0; i--) {
        closing.get(i).close();
      }
    }
  }
}
