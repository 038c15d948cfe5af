package popol.linux;

import java.io.IOException;

/** What an {@code epoll} instance watches, as {@code /proc} tells it (proc_pid_fdinfo(5)). */
final class EpollTable {

  private static final String WATCHED = "tfd:";

  private EpollTable() {}

  /**
   * The descriptor that an instance watches besides those that it has watched before.
   *
   * @param epoll the descriptor of the instance
   * @param before what it watched before
   * @return the descriptor, or below 0 if there is none, or more than one
   */
  static int added(int epoll, String before) throws IOException {
    int added = -1;
    for (String line : watched(epoll).split("\n")) {
      if (line.startsWith(WATCHED) && !before.contains(line)) {
        if (added >= 0) {
          return -1;
        }
        String number = line.substring(WATCHED.length()).stripLeading();
        added = Integer.parseInt(number.substring(0, number.indexOf(' ')));
      }
    }
    return added;
  }

  /** What an instance watches, a line for each descriptor. */
  static String watched(int epoll) throws IOException {
    return DescriptorTable.read("/proc/self/fdinfo/" + epoll);
  }
}
