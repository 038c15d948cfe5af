package popol.check;

import org.jspecify.annotations.Nullable;

/** The registry has not done what the model says. */
final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Violation(String message) {
    this(message, null);
  }

  Violation(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
