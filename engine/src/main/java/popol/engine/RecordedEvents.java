package popol.engine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.ClosedSelectorException;
import java.util.List;
import jdk.jfr.AnnotationElement;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.EventFactory;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import org.jspecify.annotations.Nullable;
import popol.Events;
import popol.Interest;
import popol.Source;
import popol.spi.DescriptorFinder;
import popol.spi.Readiness;

/**
 * The events of popol in the JDK's flight recorder, loaded when there is a recording. They are made by
 * {@link EventFactory}: the recorder writes calls of its internal classes into an event class, and a bundle's class
 * loader does not find these.
 *
 * <p>What goes wrong here is nobody's concern: a call of popol's has happened or not, whether it is recorded or not.
 */
final class RecordedEvents {

  private static final ValueDescriptor REGISTRY =
      field(long.class, "registry", "Registry", "Number of the registry, as in popol:list and in describe()");
  private static final ValueDescriptor KEY = field(String.class, "key", "Key", "Text of the key");
  private static final ValueDescriptor SOURCE = field(String.class, "source", "Source", "What it was made of");

  private static final Kind WAIT =
      new Kind("Wait", false, false, "A poll of a registry, from its call to its return", REGISTRY,
          span("timeout", "Timeout", "The longest time to wait; Long.MAX_VALUE where there is none"),
          field(int.class, "found", "Found", "Number of events"),
          field(String.class, "end", "Ended By", "events, timeout, interrupt, close or failure"));
  private static final Kind WAKE = new Kind("Wake", false, true, "A waker was woken", REGISTRY, KEY);
  private static final Kind REGISTER =
      new Kind("Register", false, true, "A source was registered", REGISTRY, KEY, SOURCE,
          field(long.class, "descriptor", "Descriptor", "The system's number for it"),
          field(String.class, "interest", "Interest", "What is waited for"));
  private static final Kind UNREGISTER = new Kind("Unregister", false, true,
      "An entry was taken out of a registry by its key", REGISTRY, KEY);
  private static final Kind INVALID = new Kind("Invalid", true, false,
      "A source was closed while it was registered; the program has been told", REGISTRY, KEY, SOURCE,
      field(long.class, "descriptor", "Descriptor", "The system's number that it had"));
  private static final Kind AUDIT = new Kind("Audit", false, false,
      "A look whether a source was closed while it is registered", REGISTRY,
      field(int.class, "sources", "Sources", "Number of sources looked at"));
  private static final Kind LOOK_UP = new Kind("LookUp", false, true,
      "A search for the descriptor of a socket or channel, because the JVM was started without the flags", SOURCE,
      field(long.class, "descriptor", "Descriptor", "What was found; -1 if nothing certain was"));
  private static final Kind UNCLOSED = new Kind("Unclosed", true, false,
      "A registry that nobody can reach any more was never closed; popol has freed what it held", REGISTRY,
      field(String.class, "user", "User", "The bundle that opened it; empty outside of OSGi"),
      field(String.class, "place", "Opened At", "The stack of its opening, if -Dpopol.record.open=true was set"));

  private RecordedEvents() {}

  /** One kind of event. */
  private static final class Kind {

    private final EventFactory factory;
    private final EventType type;

    Kind(String name, boolean enabled, boolean stack, String description, ValueDescriptor... fields) {
      factory = EventFactory.create(List.of(new AnnotationElement(Name.class, "popol." + name),
          new AnnotationElement(Label.class, name.replaceAll("(?=[A-Z])", " ").strip()),
          new AnnotationElement(Description.class, description),
          new AnnotationElement(Category.class, new String[] {"popol"}),
          new AnnotationElement(Enabled.class, enabled),
          new AnnotationElement(StackTrace.class, stack)), List.of(fields));
      type = factory.getEventType();
    }

    /** An event that has begun now, or null if it is not wanted. */
    @Nullable
    Event begin() {
      if (!type.isEnabled()) {
        return null;
      }
      Event event = factory.newEvent();
      event.begin();
      return event;
    }
  }

  private static ValueDescriptor field(Class<?> type, String name, String label, String description) {
    return new ValueDescriptor(type, name,
        List.of(new AnnotationElement(Label.class, label), new AnnotationElement(Description.class, description)));
  }

  private static ValueDescriptor span(String name, String label, String description) {
    return new ValueDescriptor(long.class, name, List.of(new AnnotationElement(Label.class, label),
        new AnnotationElement(Description.class, description),
        new AnnotationElement(Timespan.class, Timespan.NANOSECONDS)));
  }

  private static @Nullable Event begin(Kind kind) {
    try {
      return kind.begin();
    } catch (Throwable e) {
      return null;
    }
  }

  private static void commit(Event event, Object... values) {
    event.end();
    for (int i = 0; i < values.length; i++) {
      event.set(i, values[i]);
    }
    event.commit();
  }

  /** A poll of a registry. */
  interface Poll<K> {

    /** Waits, as {@link popol.Sources#poll(java.time.Duration)}. */
    Events<K> poll(long nanos) throws IOException, InterruptedException;
  }

  /** A look whether sources were closed. */
  interface Audit {

    /** Makes it. Returns whether there is something to collect. */
    boolean make() throws IOException;
  }

  /**
   * Polls a registry, and records that, and which sources it found closed.
   *
   * @param batch what the poll fills
   */
  static <K> Events<K> poll(long registry, long nanos, Poll<K> poll, Batch<K> batch)
      throws IOException, InterruptedException {
    Event event = begin(WAIT);
    String end = "failure";
    int found = 0;
    try {
      Events<K> events = poll.poll(nanos);
      found = events.size();
      end = found > 0 ? "events" : "timeout";
      return events;
    } catch (InterruptedException e) {
      end = "interrupt";
      throw e;
    } catch (ClosedSelectorException e) {
      end = "close";
      throw e;
    } finally {
      wait(event, registry, nanos, found, end);
      if (found > 0) {
        invalid(registry, batch);
      }
    }
  }

  private static void wait(@Nullable Event event, long registry, long nanos, int found, String end) {
    try {
      if (event != null) {
        commit(event, registry, nanos, found, end);
      }
    } catch (Throwable e) {
      // not recorded
    }
  }

  /** Looks at the events without reading them: those that the user does not read are reported again. */
  private static void invalid(long registry, Batch<?> batch) {
    try {
      for (int i = 0; INVALID.type.isEnabled() && i < batch.size(); i++) {
        Entry<?> entry = batch.get(i);
        if (entry instanceof SourceEntry<?> source && source.hasReported(Readiness.INVALID)) {
          Event event = begin(INVALID);
          if (event != null) {
            commit(event, registry, Text.of(source.key), Text.of(source.source), source.descriptor());
          }
        }
      }
    } catch (Throwable e) {
      // not recorded
    }
  }

  static void wake(long registry, Object key) {
    try {
      Event event = begin(WAKE);
      if (event != null) {
        commit(event, registry, Text.of(key));
      }
    } catch (Throwable e) {
      // not recorded
    }
  }

  static void register(long registry, Object key, Source source, long descriptor, Interest interest) {
    try {
      Event event = begin(REGISTER);
      if (event != null) {
        commit(event, registry, Text.of(key), Text.of(source), descriptor, interest.toString());
      }
    } catch (Throwable e) {
      // not recorded
    }
  }

  static void unregister(long registry, Object key) {
    try {
      Event event = begin(UNREGISTER);
      if (event != null) {
        commit(event, registry, Text.of(key));
      }
    } catch (Throwable e) {
      // not recorded
    }
  }

  static boolean audit(long registry, int sources, Audit audit) throws IOException {
    Event event = begin(AUDIT);
    try {
      return audit.make();
    } finally {
      audited(event, registry, sources);
    }
  }

  private static void audited(@Nullable Event event, long registry, int sources) {
    try {
      if (event != null) {
        commit(event, registry, sources);
      }
    } catch (Throwable e) {
      // not recorded
    }
  }

  static long lookUp(DescriptorFinder finder, Object target) throws DescriptorFinder.NotFoundException {
    Event event = begin(LOOK_UP);
    long found = -1;
    try {
      found = finder.find(target);
      return found;
    } finally {
      lookedUp(event, target, found);
    }
  }

  private static void lookedUp(@Nullable Event event, Object target, long found) {
    try {
      if (event != null) {
        commit(event, Text.of(target), found);
      }
    } catch (Throwable e) {
      // not recorded
    }
  }

  static void unclosed(long registry, String user, @Nullable Throwable place) {
    StringWriter stack = new StringWriter();
    if (place != null) {
      place.printStackTrace(new PrintWriter(stack));
    }
    Event event = begin(UNCLOSED);
    if (event != null) {
      commit(event, registry, user, stack.toString());
    }
  }
}
