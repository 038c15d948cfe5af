package popol.linux;

import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.StructLayout;

/** As {@link LinuxHeaders}, for the look-up of channels alone. */
final class LookupHeaders {

  // <sys/socket.h>
  static final int SO_LINGER = 13;

  static final StructLayout LINGER =
      structLayout(JAVA_INT.withName("l_onoff"), JAVA_INT.withName("l_linger")).withName("struct linger");

  private LookupHeaders() {}
}
