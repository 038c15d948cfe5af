package popol.spi;

import popol.Waker;

/** A waker under its key. */
final class WakerEntry<K> extends Entry<K> implements Waker {

  private final Registry<K> registry;
  boolean woken; // since it was last reported; guarded by the registry's lock

  WakerEntry(K key, Registry<K> registry) {
    super(key, -1, 0);
    this.registry = registry;
  }

  @Override
  String kind() {
    return "waker";
  }

  @Override
  public void wake() {
    registry.wake(this);
  }

  @Override
  public void close() {
    registry.remove(this);
  }
}
