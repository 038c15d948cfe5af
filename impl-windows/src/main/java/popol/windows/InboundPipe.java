package popol.windows;

import java.io.IOException;
import popol.spi.Readiness;
import popol.spi.SlicedPoller;
import popol.spi.Watch;

/**
 * A pipe that popol reads from. While it is waited for, a call of the system goes on which takes nothing: one that
 * waits for the child to open its end, and then a read of no bytes. Such a call holds up nobody, so it goes on after
 * the wait too, until the child writes or leaves, or the pipe is closed; {@link PipeThread} hears of its end.
 */
final class InboundPipe extends NamedPipe {

  // Two OVERLAPPED: of the call that goes on, and of a read.
  private static final int WAIT = OWN;
  private static final int READ = OWN + Kernel32.OVERLAPPED_SIZE;

  /** In an OVERLAPPED's event: its end is not told to the completion port. */
  private static final int UNTOLD = 1;

  private final long event; // set when a call is over
  private boolean hasBegun; // the last call that was to go on

  InboundPipe() throws IOException {
    super(WindowsHeaders.PIPE_ACCESS_INBOUND | WindowsHeaders.FILE_FLAG_OVERLAPPED, WindowsHeaders.GENERIC_WRITE, 0);
    long created = 0;
    boolean opened = false;
    try {
      created = Kernel32.createEvent(memory, true);
      if (created == 0) {
        throw failure("CreateEvent");
      }
      PipeThread.open(memory, handle, number);
      event = created;
      opened = true;
    } finally {
      if (!opened) {
        if (created != 0) {
          Kernel32.closeHandle(created);
        }
        super.close();
      }
    }
  }

  @Override
  SlicedPoller.Question question(Runnable endWait) {
    Question question = new Question(new PipeThread.Waiter(number, endWait)); // first what else can fail
    PipeThread.watch(question.waiter);
    return question;
  }

  @Override
  int look() {
    int available = available();
    return available > 0 ? Readiness.READABLE : isLeft(available) ? Readiness.READABLE | Readiness.HANGUP : 0;
  }

  /** What a poller asks. */
  private final class Question implements SlicedPoller.Question {

    private final PipeThread.Waiter waiter;
    private int now; // the last answer

    Question(PipeThread.Waiter waiter) {
      this.waiter = waiter;
    }

    @Override
    public int readiness(Watch watch) {
      now = InboundPipe.this.readiness();
      return now;
    }

    /** Bytes that nobody wants to read would end each wait at once: the end is asked for beside them. */
    @Override
    public boolean begin() {
      if (now != 0) {
        return false;
      }
      PipeThread.waits(waiter, true);
      return await();
    }

    @Override
    public void end() {
      PipeThread.waits(waiter, false);
    }

    @Override
    public void stop() {
      PipeThread.unwatch(waiter);
    }
  }

  /** Has a call go on until the child opens its end, writes or leaves. Returns false if that has happened. */
  private synchronized boolean await() {
    if (isClosed()) {
      return false;
    }
    if (isWaiting() || awaitBytes()) {
      return true;
    }
    return memory.errorNumber() == WindowsHeaders.ERROR_PIPE_LISTENING
        && (awaitChild() || memory.errorNumber() == WindowsHeaders.ERROR_PIPE_CONNECTED && awaitBytes());
  }

  /** The status alone does not tell: it is as before the call that failed, pending. */
  private boolean isWaiting() {
    return hasBegun && memory.bytes().getInt(WAIT + Kernel32.STATUS) == WindowsHeaders.STATUS_PENDING;
  }

  private boolean awaitBytes() {
    prepare(WAIT, event);
    hasBegun = Kernel32.readFile(memory, handle, at(0), 0, 0, at(WAIT)) || goesOn();
    return hasBegun;
  }

  private boolean awaitChild() {
    prepare(WAIT, event);
    hasBegun = PipeCalls.connectNamedPipe(memory, handle, at(WAIT)) || goesOn();
    return hasBegun;
  }

  private boolean goesOn() {
    return memory.errorNumber() == WindowsHeaders.ERROR_IO_PENDING;
  }

  private void prepare(int overlapped, long told) {
    for (int i = 0; i < Kernel32.OVERLAPPED_SIZE; i += Long.BYTES) {
      memory.bytes().putLong(overlapped + i, 0);
    }
    memory.bytes().putLong(overlapped + Kernel32.EVENT, told);
  }

  @Override
  void listen() {
    awaitChild();
  }

  /** Reads nothing but what is known to be there, which has ended the call that goes on. */
  @Override
  public int read(int most) throws IOException {
    int available = available();
    if (available <= 0) {
      return isLeft(available) ? -1 : 0;
    }
    prepare(READ, event | UNTOLD);
    if (!Kernel32.readFile(memory, handle, at(0), Math.min(most, available), 0, at(READ)) && !goesOn()) {
      throw failure("ReadFile");
    }
    if (!Kernel32.getOverlappedResult(memory, handle, at(READ), at(COUNT))) {
      throw failure("GetOverlappedResult");
    }
    return count();
  }

  @Override
  public int write(int count) {
    throw new UnsupportedOperationException("popol reads from this pipe");
  }

  /** The memory is the system's until the call is over. */
  @Override
  public void close() {
    if (isWaiting()) {
      Kernel32.cancelIoEx(memory, handle, at(WAIT));
      Kernel32.getOverlappedResult(memory, handle, at(WAIT), at(COUNT));
    }
    super.close();
    Kernel32.closeHandle(event);
    PipeThread.close(number);
  }
}
