package popol.inject;

/** The contract was not kept. */
final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1;

  Violation(String message) {
    super(message);
  }

  Violation(String message, Throwable cause) {
    super(message, cause);
  }
}
