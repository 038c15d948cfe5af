package popol.examples.node;

/** Says what is wrong with the bytes that a peer sent. */
final class WireException extends Exception {

  private static final long serialVersionUID = 1;

  WireException(String message) {
    super(message);
  }

  WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
