package popol.itest.consumer;

import java.util.concurrent.Callable;
import popol.Sources;

/** A plugin of a module layer: opens a registry as any program does, and says what it got. */
public final class Plugin implements Callable<String> {

  /** Called by the host. */
  public Plugin() {}

  @Override
  public String call() throws Exception {
    try (Sources<String> sources = Sources.open()) {
      return sources.toString();
    }
  }
}
