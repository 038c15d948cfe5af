package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import popol.Event;
import popol.Events;
import popol.spi.Readiness;

class BatchTest {

  private final Batch<Integer> batch = new Batch<>();

  private TimerEntry<Integer> entry(int key) {
    batch.reserve(key + 1);
    return new TimerEntry<>(key, key, batch.number);
  }

  private void begin() {
    batch.prepare();
    batch.begin();
  }

  private void add(Entry<Integer> entry) {
    batch.add(entry, Readiness.EXPIRED, false);
  }

  private static List<Integer> keys(Events<Integer> events) {
    List<Integer> keys = new ArrayList<>();
    events.forEach(event -> keys.add(event.key()));
    return keys;
  }

  @Test
  void eachEntryIsInTheArrayOnceWhateverTheOrderInWhichTheyAreFound() {
    Random random = new Random(1);
    List<TimerEntry<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(entry(i));
    }
    for (int round = 0; round < 2_000; round++) {
      begin();
      Set<TimerEntry<Integer>> found = new HashSet<>();
      for (int i = random.nextInt(50); i > 0; i--) {
        TimerEntry<Integer> entry = all.get(random.nextInt(50));
        if (found.add(entry)) {
          add(entry);
        }
      }
      Set<TimerEntry<Integer>> gone = new HashSet<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        TimerEntry<Integer> entry = all.get(random.nextInt(50));
        batch.forget(entry);
        gone.add(entry);
      }
      Events<Integer> events = batch.events();
      assertEquals(found.size(), events.size(), "those that were taken out count");
      found.removeAll(gone);
      Set<Integer> expected = new HashSet<>();
      found.forEach(entry -> expected.add(entry.key));
      assertEquals(expected, new HashSet<>(keys(events)));
      for (TimerEntry<Integer> entry : gone) {
        for (int i = 0; i < 64; i++) {
          assertTrue(batch.get(i) != entry, "an entry that was taken out is nowhere, in no old place neither");
        }
      }
    }
  }

  @Test
  void whatIsReadIsKnownByItsPlace() {
    begin();
    for (int i = 0; i < 5; i++) {
      batch.add(entry(i), Readiness.EXPIRED, i == 1 || i == 3);
    }
    assertEquals(4, batch.once(), "what follows is reported again in any case");
    Iterator<Event<Integer>> iterator = batch.events().iterator();
    assertFalse(batch.isRead(0));
    iterator.next();
    iterator.next();
    assertTrue(batch.isRead(0) && batch.isRead(1));
    assertFalse(batch.isRead(2));
    begin();
    assertEquals(0, batch.once());
    assertFalse(batch.isRead(0), "of a new batch nothing is read");
  }

  @Test
  void eightBatchesHaveHandlesOfTheirOwnAndTheNextEightHaveTheSame() {
    List<Events<Integer>> handles = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      begin();
      handles.add(batch.events());
    }
    assertEquals(8, new HashSet<>(handles).size());
    for (int i = 0; i < 8; i++) {
      assertSame(handles.get(i), handles.get(i + 16));
    }
    assertEquals(0, handles.getLast().size());
    for (int i = 16; i < 23; i++) {
      assertThrows(ConcurrentModificationException.class, handles.get(i)::size);
    }
  }

  @Test
  void anIteratorIsUsedAgainAlsoWhereALoopWasLeft() {
    begin();
    add(entry(0));
    add(entry(1));
    Events<Integer> events = batch.events();
    Iterator<Event<Integer>> first = events.iterator();
    first.next();
    Iterator<Event<Integer>> second = events.iterator();
    assertTrue(first != second, "while one runs another is needed");
    for (int i = 0; i < 8; i++) {
      begin();
    }
    assertSame(first, batch.events().iterator(), "a loop that was left ends with its batch");
  }

  @Test
  void aClearedBatchHoldsNothingAndItsIteratorsEnd() {
    begin();
    add(entry(0));
    add(entry(1));
    Iterator<Event<Integer>> iterator = batch.events().iterator();
    iterator.next();
    batch.clear();
    assertFalse(iterator.hasNext());
    assertNull(batch.get(0));
    assertNull(batch.get(1));
  }
}
