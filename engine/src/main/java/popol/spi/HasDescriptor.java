package popol.spi;

/** An object of popol's own that has a descriptor, such as a pipe. */
public interface HasDescriptor {

  /** {@return the descriptor that is waited on} */
  long descriptor();
}
