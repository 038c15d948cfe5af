package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import popol.Interest;
import popol.Source;

/** The index of keys, and that of descriptors. */
class ChainsTest {

  private final BatchNumber number = new BatchNumber();

  private SourceEntry<Object> source(Object key, long descriptor) {
    return new SourceEntry<>(key, key.hashCode(), number, Source.of(descriptor), descriptor, Interest.READ);
  }

  @Test
  void eachKeyIsFoundWhateverIsAddedAndRemoved() {
    Random random = new Random(1);
    KeyIndex<Object> index = new KeyIndex<>();
    Map<Object, Entry<Object>> in = new HashMap<>();
    for (int round = 0; round < 20_000; round++) {
      Integer key = random.nextInt(round < 10_000 ? 2_000 : 20) << random.nextInt(2) * 16; // some differ above alone
      Entry<Object> entry = in.remove(key);
      assertSame(entry, index.find(key, key.hashCode()));
      if (entry != null) {
        index.remove(entry);
        assertNull(entry.nextOfHash, "what is removed keeps nothing of its chain");
      } else {
        index.reserve();
        entry = source(key, round);
        index.add(entry);
        in.put(key, entry);
      }
      assertEquals(in.size(), index.size());
    }
    assertEquals(new HashSet<>(in.values()), all(index));
  }

  private static Set<Entry<Object>> all(KeyIndex<Object> index) {
    Set<Entry<Object>> all = new HashSet<>();
    for (int i = 0; i < index.length(); i++) {
      for (Entry<Object> entry = index.first(i); entry != null; entry = entry.nextOfHash) {
        assertTrue(all.add(entry), "each is in one chain");
      }
    }
    return all;
  }

  @Test
  void eachDescriptorIsFoundAlsoWhereTheyCountInFours() {
    DescriptorIndex<Object> index = new DescriptorIndex<>();
    for (long i = 0; i < 1_000; i++) {
      index.reserve();
      index.add(source(i, i * 4));
    }
    int longest = 0;
    for (int i = 0; i < index.length(); i++) {
      int length = 0;
      for (SourceEntry<Object> entry = index.first(i); entry != null; entry = entry.nextOfDescriptor) {
        length++;
      }
      longest = Math.max(longest, length);
    }
    assertTrue(longest <= 8, "no chain is long: " + longest);
    assertEquals(7L, index.find(28).key);
    assertNull(index.find(29));
  }

  /** A key that is like no other, and says so by an exception. */
  private record Poison(int number) {

    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      throw new IllegalStateException("disposed");
    }
  }

  @Test
  void aKeyThatFailsCostsNobodyElseAnythingAndCanBeRemoved() {
    KeyIndex<Object> index = new KeyIndex<>();
    Poison poison = new Poison(1);
    SourceEntry<Object> bad = source(poison, 1);
    SourceEntry<Object> good = source("good", 2);
    for (SourceEntry<Object> entry : List.of(bad, good)) {
      index.reserve();
      index.add(entry);
    }
    assertSame(good, index.find("good", "good".hashCode()));
    assertSame(bad, index.find(poison, 1), "the same object needs no equals");
    assertThrows(IllegalStateException.class, () -> index.find(new Poison(2), 1));
    for (int i = 0; i < 100; i++) { // moves all to other chains
      index.reserve();
      index.add(source(i, 100 + i));
    }
    index.remove(bad);
    assertEquals(101, index.size());
    assertSame(good, index.find("good", "good".hashCode()));
  }
}
