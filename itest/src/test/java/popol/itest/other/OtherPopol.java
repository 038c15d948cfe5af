package popol.itest.other;

import popol.PipeSink;
import popol.PipeSource;
import popol.Popol;
import popol.Sources;

/** A second provider for this operating system. */
public final class OtherPopol implements Popol {

  /** Called by {@code ServiceLoader}. */
  public OtherPopol() {}

  @Override
  public boolean isSupported() {
    return true;
  }

  @Override
  public String mechanism() {
    return "none";
  }

  @Override
  public <K> Sources<K> open() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PipeSource openPipe() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PipeSink openSink() {
    throw new UnsupportedOperationException();
  }
}
