package popol.spi;

import popol.PipeSource;

/** A pipe that an implementation bundle has opened. */
public interface OpenedPipe extends PipeSource {

  /** {@return the descriptor of the read end} */
  long descriptor();
}
