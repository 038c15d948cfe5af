package popol.spi;

/**
 * Finds the descriptor of a JDK object in a JVM that was started without the flags that show it. Only an answer that is
 * certain counts.
 */
public interface DescriptorFinder {

  /**
   * Finds a descriptor. Called without any lock of popol's.
   *
   * @param owner an open channel or socket
   * @return the descriptor, which was the owner's for as long as the owner stays open
   * @throws NotFoundException if the answer would not be certain
   */
  long find(Object owner) throws NotFoundException;

  /** Says why a descriptor was not found. */
  final class NotFoundException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * A reason.
     *
     * @param reason the reason and what would help, to be continued by "; or start the JVM with ..."
     */
    public NotFoundException(String reason) {
      super(reason);
    }
  }
}
