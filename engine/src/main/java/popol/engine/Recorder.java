package popol.engine;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Whether the JDK's flight recorder may want to hear of popol. It is asked by one read of a field. Until a recording
 * runs, one class of the recorder is loaded and none of popol's that tell it something; without the module
 * {@code jdk.jfr} nothing is.
 */
final class Recorder {

  private static final boolean PRESENT = isPresent();

  private Recorder() {}

  /**
   * Whether there is or was a recording. If so, {@link RecordedEvents} knows which events are wanted. Throws nothing.
   */
  static boolean isOn() {
    try {
      return PRESENT && FlightRecorder.isInitialized() && Usable.IS;
    } catch (Throwable e) {
      return false; // asked after a call has happened, which must not fail then
    }
  }

  /** Asked first when there is a recording. */
  private static final class Usable {

    private static final boolean IS = isUsable();

    private static boolean isUsable() {
      try {
        Class.forName(RecordedEvents.class.getName(), true, Recorder.class.getClassLoader());
        return true;
      } catch (Throwable e) {
        return false; // a poll must not fail because it cannot be recorded
      }
    }
  }

  /** In OSGi the package is imported where it can be; on the module path the module is read where it was resolved. */
  private static boolean isPresent() {
    try {
      Class<?> type = Class.forName("jdk.jfr.FlightRecorder", false, Recorder.class.getClassLoader());
      return Recorder.class.getModule().canRead(type.getModule());
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Tells of a registry that was never closed. */
  static void unclosed(long registry, String user, @Nullable Throwable place) {
    if (isOn()) {
      RecordedEvents.unclosed(registry, user, place);
    }
  }
}
