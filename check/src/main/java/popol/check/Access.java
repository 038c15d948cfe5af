package popol.check;

import java.io.IOException;
import popol.Source;

/** How a history reads, writes and closes one end of something: through a channel, or by a raw number. */
interface Access {

  /** What a registry is given. */
  Source source();

  /** The kernel's number. */
  int descriptor();

  /** Whether only the kernel knows that it is open. */
  boolean isRaw();

  boolean isOpen();

  /** Reads up to so many bytes. Gives how many: 0 or less if there are none, at the end and if the read fails. */
  int read(int count);

  /** Writes up to so many bytes. Gives how many: 0 or less if there is no room and if the write fails. */
  int write(int count);

  void close() throws IOException;
}
