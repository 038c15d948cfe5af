package popol.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A process that is measured, and the one that holds the other ends of its sockets. */
final class Contender implements AutoCloseable {

  private static final int PART = 1000;

  final String name;
  private final Program partner;
  private final Program program;
  private final String address;
  private final List<String> threads = new ArrayList<>(); // of both
  private String pinned = Processors.all(); // to where
  private Cell cell;
  private long allocated; // bytes in the cell, and in how many operations
  private long operations;

  /** Starts both. */
  Contender(String name, List<String> partner, List<String> command) throws IOException {
    this.name = name;
    this.partner = new Program("The partner of " + name, partner);
    this.program = new Program(name, command);
    this.address = this.partner.answer();
  }

  /** Waits until it has started. */
  void awaitStart() throws IOException {
    program.answer();
    threads.add(partner.ask("thread"));
    threads.add(program.ask("thread"));
  }

  /** Has the threads that measure and echo, and those that they start, run on these processors alone. */
  void pin(String processors) throws IOException {
    if (!processors.equals(pinned)) {
      for (String thread : threads) {
        Processors.pin(thread, processors);
      }
      pinned = processors;
    }
  }

  /** Has it connect and register; {@link #awaitOpen} waits for that. */
  void open(Cell cell) {
    this.cell = cell;
    partner.send("open " + cell.what() + " " + cell.connections() + " " + cell.active());
    program.send("open " + cell.what() + " " + cell.entries() + " " + address);
  }

  void awaitOpen() throws IOException {
    partner.answer();
    program.answer();
  }

  /**
   * A wait may report a part of what is ready, as {@code epoll_wait} is given room for 1,024 events by a selector: then
   * an operation is as many waits as report all.
   *
   * @return nanoseconds an operation, of as many as there is time for
   */
  double run(long nanos) throws IOException {
    String[] answer = program.ask("run " + nanos).split(" ");
    long done = Long.parseLong(answer[1]);
    long events = Long.parseLong(answer[2]);
    boolean reportsPart = cell.active() > PART && 0 < events && events < cell.events(done);
    if (events != cell.events(done) && !reportsPart) {
      throw new IllegalStateException(name + " has found " + events + " events in " + done + " operations of "
          + cell + ", where there are " + cell.events(done));
    }
    operations += done;
    allocated += Long.parseLong(answer[3]);
    double cost = Double.parseDouble(answer[0]);
    return reportsPart ? cost * cell.events(done) / events : cost;
  }

  /** Forgets what was allocated until now. */
  void restart() {
    allocated = 0;
    operations = 0;
  }

  /** {@return bytes that its thread has allocated on the heap an operation, since the restart} */
  double allocated() {
    return (double) allocated / operations;
  }

  /** {@return poll or epoll, whichever it uses now} */
  String mechanism() throws IOException {
    return program.ask("mechanism");
  }

  /** Has the connections dropped, first at the partners' side, which resets them: no address stays taken. */
  static void shut(List<Contender> contenders) throws IOException {
    for (Contender contender : contenders) {
      contender.partner.send("close");
    }
    for (Contender contender : contenders) {
      contender.partner.answer();
      contender.program.send("close");
    }
    for (Contender contender : contenders) {
      contender.program.answer();
    }
  }

  @Override
  public void close() {
    program.close();
    partner.close();
  }
}
