package popol.bench;

/**
 * What is measured of every contender.
 *
 * @param what what is done
 * @param sources how many are registered
 * @param active how many of them have something to report
 */
record Cell(String what, int sources, int active) {

  /** {@return how many events so many operations have, of whoever is right} */
  long events(long operations) {
    return switch (what) {
      case "wait-now" -> operations * active;
      case "register", "unregister" -> operations / sources * 2;
      case "register+unregister" -> operations * 2;
      case "toggle", "wait-block", "wake", "wakers", "virtual", "timer-expire", "timer-period", "close" -> operations;
      case "toggle+wait" -> operations * (sources == 1 ? 2 : 3);
      default -> 0;
    };
  }

  /** {@return how many connections it takes: one that is not measured stays, so that waits return} */
  int connections() {
    return !isOfSources() || what.startsWith("open") ? 0 : what.endsWith("register") ? sources + 1 : sources;
  }

  /** {@return how many entries the contender makes} */
  int entries() {
    return isOfSources() ? connections() : sources;
  }

  /** {@return whether what is registered are connections, and not timers or wakers} */
  private boolean isOfSources() {
    return !what.startsWith("timer") && !what.equals("wakers");
  }

  /** {@return whether two threads wait for each other in turn} */
  boolean isPingPong() {
    return what.equals("wait-block") || what.equals("wake");
  }
}
