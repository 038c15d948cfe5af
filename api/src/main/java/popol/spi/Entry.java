package popol.spi;

import popol.Event;
import popol.Source;

/**
 * What stands under a key, and, while a batch has it, the event that the user reads: an entry has at most one event in
 * a batch, so nothing needs to be allocated for it.
 */
abstract class Entry<K> extends Watch implements Event<K> {

  final K key;
  private int ready; // what the current batch says; 0 while it is not in the batch
  private volatile boolean withdrawn; // an event found is not to be delivered any more

  Entry(K key, long descriptor, int interest) {
    super(descriptor, interest);
    this.key = key;
  }

  /** What to call it in an error. */
  abstract String kind();

  final void report(int readiness) {
    ready = readiness;
  }

  final boolean isReported() {
    return ready != 0;
  }

  final void withdraw() {
    withdrawn = true;
  }

  final boolean isWithdrawn() {
    return withdrawn;
  }

  @Override
  public final K key() {
    return key;
  }

  @Override
  public Source source() {
    return null;
  }

  @Override
  public final boolean isReadable() {
    return is(Readiness.READABLE);
  }

  @Override
  public final boolean isWritable() {
    return is(Readiness.WRITABLE);
  }

  @Override
  public final boolean isPriority() {
    return is(Readiness.PRIORITY);
  }

  @Override
  public final boolean isHangup() {
    return is(Readiness.HANGUP);
  }

  @Override
  public final boolean isError() {
    return is(Readiness.ERROR);
  }

  @Override
  public final boolean isInvalid() {
    return is(Readiness.INVALID);
  }

  @Override
  public final boolean isWake() {
    return is(Readiness.WAKE);
  }

  @Override
  public final boolean isExpired() {
    return is(Readiness.EXPIRED);
  }

  private boolean is(int bit) {
    return (ready & bit) != 0;
  }

  /** {@return the key and what is true of it, such as {@code Event[stdin: readable hangup]}} */
  @Override
  public final String toString() {
    StringBuilder text = new StringBuilder("Event[").append(key).append(':');
    String[] names = {"readable", "writable", "priority", "hangup", "error", "invalid", "wake", "expired"};
    for (int i = 0; i < names.length; i++) {
      if (is(1 << i)) {
        text.append(' ').append(names[i]);
      }
    }
    return text.append(']').toString();
  }
}
