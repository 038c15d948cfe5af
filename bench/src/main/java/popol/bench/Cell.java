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
      case "wait-block", "toggle+wait", "wake", "timer-expire" -> operations;
      default -> 0;
    };
  }
}
