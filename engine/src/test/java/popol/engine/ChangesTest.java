package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import popol.spi.Readiness;
import popol.spi.Watch;

class ChangesTest {

  private final FakePoller poller = new FakePoller();
  private final Changes changes = new Changes();

  private SourceWatch watch(long descriptor) {
    SourceWatch watch = new SourceWatch(descriptor, Readiness.READABLE);
    watch.wanted = true;
    return watch;
  }

  private void remove(SourceWatch watch) {
    watch.wanted = false;
    changes.note(watch);
  }

  @Test
  void aWatchIsAddedThenModifiedThenRemovedAndNotedOnce() throws Exception {
    SourceWatch watch = watch(100);
    changes.note(watch);
    changes.note(watch);
    changes.apply(poller);
    changes.note(watch);
    changes.note(watch);
    changes.apply(poller);
    remove(watch);
    changes.apply(poller);
    changes.apply(poller);
    assertEquals(List.of("add", "modify", "remove"), poller.calls);
    assertTrue(changes.isEmpty());
  }

  @Test
  void whatComesAndGoesWhileNobodyWaitsIsNotTold() throws Exception {
    SourceWatch watch = watch(100);
    changes.note(watch);
    remove(watch);
    assertTrue(changes.isEmpty(), "the poller never had it");
    changes.apply(poller);
    assertEquals(List.of(), poller.calls);
  }

  @Test
  void whatGoesIsToldFirstBecauseItsDescriptorCanHaveComeBack() throws Exception {
    SourceWatch old = watch(100);
    changes.note(old);
    changes.apply(poller);
    remove(old);
    SourceWatch young = watch(100);
    changes.note(young);
    changes.apply(poller);
    assertEquals(List.of("add", "remove", "add"), poller.calls);
    changes.note(watch(101)); // now the other way round
    remove(young);
    changes.apply(poller);
    assertEquals(List.of("remove", "add"), poller.calls.subList(3, 5));
  }

  @Test
  void whatThePollerRefusesStaysToBeTold() throws Exception {
    SourceWatch watch = watch(100);
    changes.note(watch);
    for (long i = 1; i < 5; i++) {
      changes.note(watch(100 + i));
    }
    for (int i = 0; i < 3; i++) {
      poller.refused = "add";
      assertThrows(IOException.class, () -> changes.apply(poller));
      assertFalse(changes.isEmpty());
    }
    changes.apply(poller);
    assertEquals(5, new HashSet<>(poller.watches).size(), "each is added");
    assertEquals(5, poller.watches.size(), "once");
    changes.note(watch);
    poller.refused = "modify";
    assertThrows(IOException.class, () -> changes.apply(poller));
    changes.apply(poller);
    assertEquals(2, poller.calls.stream().filter("modify"::equals).count(), "told again");
  }

  @Test
  void thePollerHasWhatIsWantedWhateverTheOrder() throws Exception {
    Random random = new Random(1);
    List<SourceWatch> all = new ArrayList<>();
    Set<Watch> wanted = new HashSet<>();
    for (int round = 0; round < 3_000; round++) {
      if (all.isEmpty() || random.nextInt(3) > 0) {
        SourceWatch watch = watch(round);
        all.add(watch);
        wanted.add(watch);
        changes.note(watch);
      } else {
        SourceWatch watch = all.remove(random.nextInt(all.size()));
        wanted.remove(watch);
        remove(watch);
      }
      if (random.nextInt(4) == 0) {
        changes.apply(poller);
        assertEquals(wanted, new HashSet<>(poller.watches));
        assertEquals(wanted.size(), poller.watches.size());
      }
    }
    changes.note(watch(1));
    changes.clear();
    assertTrue(changes.isEmpty());
  }
}
