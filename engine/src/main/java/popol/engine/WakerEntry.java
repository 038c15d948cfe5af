package popol.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import popol.Waker;
import popol.spi.Readiness;

/** A waker under its key. */
final class WakerEntry<K> extends Entry<K> {

  private @Nullable Handle<K> handle; // null once this is gone, so that a kept event does not keep the registry

  WakerEntry(K key, int hash, BatchNumber current, Registration<K> registration) {
    super(key, hash, current);
    this.handle = new Handle<>(registration, this);
  }

  Waker handle() {
    return Objects.requireNonNull(handle);
  }

  void release() {
    if (handle != null) {
      handle.entry = null;
      handle = null;
    }
  }

  @Override
  String kind() {
    return "waker";
  }

  @Override
  int whenPending() {
    return Readiness.WAKE;
  }

  /**
   * What the user holds. Apart from the entry, so that a waker whose registry is closed keeps nothing of it reachable.
   */
  static final class Handle<K> implements Waker {

    private final Registration<K> registration;
    private volatile @Nullable WakerEntry<K> entry; // null once it is no longer registered

    private Handle(Registration<K> registration, WakerEntry<K> entry) {
      this.registration = registration;
      this.entry = entry;
    }

    @Override
    public void wake() {
      WakerEntry<K> waker = entry;
      if (waker != null) {
        registration.wake(waker);
      }
    }

    @Override
    public void close() {
      WakerEntry<K> waker = entry;
      if (waker != null) {
        registration.remove(waker);
      }
    }

    @Override
    public String toString() {
      WakerEntry<K> waker = entry;
      return waker == null ? "Waker[closed]" : "Waker[" + waker.key + "]";
    }
  }
}
