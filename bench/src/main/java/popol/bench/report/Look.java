package popol.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a contender is drawn, the same in every plot: popol and whom it is held against thick, the others thin. */
record Look(Color color, boolean thick) {

  private static final Map<String, Look> LOOKS = new LinkedHashMap<>(); // in the order of the legends

  static {
    put("popol", 0x0B57D0, true);
    put("popol-ppoll", 0x5B9BF3, false);
    put("popol-epoll", 0x9CC3FA, false);
    put("popol-stock", 0x1A237E, false);
    put("popol-recorded", 0x6A1B9A, false);
    put("c-poll", 0x8A8A8A, true);
    put("c-epoll", 0x202124, true);
    put("c-poll-threads", 0xB0B0B0, false);
    put("c-epoll-threads", 0x5F6368, false);
    put("selector", 0xD93025, true);
    put("selector-keys", 0xD93025, true);
    put("selector-consumer", 0xF28B82, true);
    put("selector-poll-keys", 0xB06000, false);
    put("selector-poll-consumer", 0xE8A33D, false);
    put("netty-nio", 0x137333, false);
    put("netty-epoll", 0x34A853, false);
    put("floor", 0x8A8A8A, false);
    put("virtual-threads", 0x9334E6, false);
    put("jnr-enxio", 0xC2185B, false);
    put("junixsocket", 0xF06292, false);
    put("rust-popol", 0x00695C, false);
    put("rust-mio", 0x00ACC1, false);
    put("rust-polling", 0x6D4C41, false);
  }

  private static final Look OTHER = new Look(Color.GRAY, false);

  private static void put(String contender, int color, boolean thick) {
    LOOKS.put(contender, new Look(new Color(color), thick));
  }

  static Look of(String contender) {
    return LOOKS.getOrDefault(contender, OTHER);
  }

  /** {@return the place in a legend} */
  static int place(String contender) {
    int place = LOOKS.keySet().stream().toList().indexOf(contender);
    return place < 0 ? LOOKS.size() : place;
  }

  BasicStroke stroke(boolean dashed) {
    float width = thick ? 3 : 1.4f;
    return dashed
        ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0)
        : new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }
}
