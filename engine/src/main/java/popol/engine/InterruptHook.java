package popol.engine;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Gets {@link Thread#interrupt} to end a native wait. {@link AbstractSelector} is the only public way to that: between
 * its {@code begin} and {@code end}, an interrupt of the thread calls {@link #wakeup()}. Nothing else of a selector is
 * meant or used here.
 */
final class InterruptHook extends AbstractSelector {

  private final NativeWait wait;

  InterruptHook(NativeWait wait) {
    super(null);
    this.wait = wait;
  }

  void enter() {
    begin();
  }

  void leave() {
    end();
  }

  /** Called by the interrupting thread, or by {@link #enter} where the thread is interrupted already. */
  @Override
  public Selector wakeup() {
    wait.interrupt();
    return this;
  }

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> keys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int selectNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select(long timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select() {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void implCloseSelector() {}
}
