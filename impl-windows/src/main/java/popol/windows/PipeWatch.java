package popol.windows;

import popol.spi.SlicedPoller;
import popol.spi.Watch;

/** A pipe that a poller watches. */
final class PipeWatch implements SlicedPoller.Question {

  final InboundPipe pipe;
  final Runnable endWait;
  boolean waits; // whether the end of the pipe's call is to end the wait; guarded by PipeThread
  private int now; // the last answer

  private PipeWatch(InboundPipe pipe, Runnable endWait) {
    this.pipe = pipe;
    this.endWait = endWait;
  }

  /**
   * Begins to watch a pipe.
   *
   * @throws OutOfMemoryError if there can be no other thread
   */
  static PipeWatch begin(InboundPipe pipe, Runnable endWait) {
    PipeWatch watch = new PipeWatch(pipe, endWait);
    PipeThread.watch(watch);
    return watch;
  }

  @Override
  public int readiness(Watch watch) {
    now = pipe.readiness();
    return now;
  }

  /** Bytes that nobody wants to read would end each wait at once: the end is asked for beside them. */
  @Override
  public boolean begin() {
    if (now != 0) {
      return false;
    }
    PipeThread.waits(this, true);
    return pipe.await();
  }

  @Override
  public void end() {
    PipeThread.waits(this, false);
  }

  @Override
  public void stop() {
    PipeThread.unwatch(this);
  }
}
