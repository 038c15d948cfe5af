package popol.engine;

import org.jspecify.annotations.Nullable;

/** The sources that have not been found closed, by descriptor. Guarded by the registry's lock. */
final class DescriptorIndex<K> extends Chains<SourceEntry<K>> {

  /** The source of a descriptor, or null. */
  @Nullable
  SourceEntry<K> find(long descriptor) {
    SourceEntry<K> entry = firstOf(Long.hashCode(descriptor));
    while (entry != null && entry.descriptor() != descriptor) {
      entry = entry.nextOfDescriptor;
    }
    return entry;
  }

  @Override
  int hash(SourceEntry<K> entry) {
    return Long.hashCode(entry.descriptor());
  }

  @Override
  @Nullable
  SourceEntry<K> next(SourceEntry<K> entry) {
    return entry.nextOfDescriptor;
  }

  @Override
  void next(SourceEntry<K> entry, @Nullable SourceEntry<K> next) {
    entry.nextOfDescriptor = next;
  }
}
