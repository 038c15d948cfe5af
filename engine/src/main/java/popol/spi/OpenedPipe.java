package popol.spi;

import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/** What pipes of both directions share: which ends are open, and how a child gets its end. */
public abstract class OpenedPipe implements HasDescriptor, AutoCloseable {

  /** Is also the lock. Nothing blocks while it is held but the start of a child. */
  final SystemPipe pipe;

  private final String childEnd; // for messages: "write end" or "read end"
  private final Consumer<AutoCloseable> onClose;
  private volatile boolean open = true; // written with the lock held
  private boolean childEndOpen = true; // guarded by the lock

  OpenedPipe(SystemPipe pipe, String childEnd, Consumer<AutoCloseable> onClose) {
    this.pipe = pipe;
    this.childEnd = childEnd;
    this.onClose = onClose;
  }

  @Override
  public final long descriptor() {
    return pipe.descriptor();
  }

  /** {@return whether the pipe has not been closed} */
  public final boolean isOpen() {
    return open;
  }

  /** Called with the lock held. */
  final void requireOpen() throws ClosedChannelException {
    assert Thread.holdsLock(pipe);
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  final File childEnd() {
    synchronized (pipe) {
      if (!childEndOpen) {
        throw new IllegalStateException("the " + childEnd + " has been closed");
      }
      return pipe.childEnd();
    }
  }

  final void closeChildEnd() {
    synchronized (pipe) {
      if (childEndOpen) {
        childEndOpen = false;
        pipe.closeChildEnd();
      }
    }
  }

  /** Starts a child that has been redirected to its end. Called with the lock held, which keeps the name the pipe's. */
  final Process launch(ProcessBuilder builder) throws IOException {
    assert Thread.holdsLock(pipe);
    Process child;
    try {
      child = builder.start();
    } catch (Throwable t) {
      pipe.restoreChildEnd();
      throw t;
    }
    closeChildEnd();
    return child;
  }

  /** Tells its owner without the lock, because the owner has one of its own, with which it may close this pipe. */
  @Override
  public final void close() {
    synchronized (pipe) {
      if (!open) {
        return;
      }
      open = false;
      childEndOpen = false;
      pipe.close();
    }
    onClose.accept(this);
  }

  /** Says which pipe it is. */
  final String text(String type) {
    return type + "[" + pipe + (open ? "]" : ", closed]");
  }
}
