package popol.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** What the header stdlib.h says on every system. The audit holds each field against it. */
final class StandardHeaders {

  static final CFunction CALLOC = CFunction.of("calloc", ADDRESS, JAVA_LONG, JAVA_LONG);
  static final CFunction FREE = CFunction.ofVoid("free", ADDRESS);

  private StandardHeaders() {}
}
