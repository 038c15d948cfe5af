package popol.unix;

import java.io.IOException;
import popol.spi.DescriptorFinder;

/**
 * Finds the descriptor of a socket by its addresses among those of this process, for a JVM that was started without the
 * flags. The socket is not touched.
 */
public final class SocketFinder implements DescriptorFinder {

  private static final int ATTEMPTS = 3;

  private final UnixSystem system;
  private final OpenDescriptors descriptors;

  /**
   * A finder for one system.
   *
   * @param system its numbers
   * @param descriptors what the process may have
   */
  public SocketFinder(UnixSystem system, OpenDescriptors descriptors) {
    this.system = system;
    this.descriptors = descriptors;
  }

  @Override
  public long find(Object owner) throws NotFoundException {
    int known = KnownDescriptors.descriptor(owner);
    if (known >= 0) {
      return known;
    }
    int found = look(owner);
    KnownDescriptors.add(found, owner);
    return found;
  }

  /** Looks again where another thread has bound, connected or disconnected the socket meanwhile. */
  private int look(Object owner) throws NotFoundException {
    try (SocketLook look = new SocketLook(system)) {
      for (int attempt = 1;; attempt++) {
        Candidates candidates = new Candidates(Sought.of(owner), look);
        for (int number : descriptors.numbers()) {
          if (!KnownDescriptors.isOfAnother(number, owner)) {
            candidates.look(number);
          }
        }
        int found = candidates.only();
        boolean certain = candidates.areOf(Sought.local(owner));
        if (certain && found >= 0) {
          return found;
        }
        if (certain && !candidates.areNone() || attempt == ATTEMPTS) {
          throw new NotFoundException(candidates.reason());
        }
      }
    } catch (IOException e) {
      throw new NotFoundException("it cannot be looked for: " + e.getMessage());
    }
  }
}
