package popol.itest.consumer;

import java.time.Duration;
import java.util.concurrent.Callable;
import popol.Sources;

/** A plugin of a module layer: opens a registry as any program does, waits with it, and says what it got. */
public final class Plugin implements Callable<String> {

  /** Called by the host. */
  public Plugin() {}

  @Override
  public String call() throws Exception {
    try (Sources<String> sources = Sources.open()) {
      sources.timer("timer", Duration.ofNanos(1));
      sources.poll();
      return sources.toString();
    }
  }
}
