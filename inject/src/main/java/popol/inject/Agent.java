package popol.inject;

import java.lang.instrument.Instrumentation;

/** Has popol's classes rewritten when they are loaded, so that the product needs no hook for its tests. */
public final class Agent {

  private Agent() {}

  /**
   * Called by the JVM before {@code main}.
   *
   * @param arguments not used
   * @param instrumentation takes the rewriter
   */
  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new Rewriter());
  }
}
