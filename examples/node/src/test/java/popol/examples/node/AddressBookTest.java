package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressBookTest {

  private static final long START = Long.MAX_VALUE - 5; // a time may overflow
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final AddressBook book = new AddressBook(Duration.ofSeconds(1), new Random(1));

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private List<InetSocketAddress> due(long now) {
    return book.due(now, Integer.MAX_VALUE, List.of());
  }

  @Test
  void givesSomeThatAreNotInUse() {
    for (int port = 1; port <= 100; port++) {
      book.add(address(port), START);
    }
    List<InetSocketAddress> due = book.due(START, 50, List.of(address(7)));
    assertEquals(50, new HashSet<>(due).size(), "as many as asked for, each once");
    assertTrue(!book.due(START, 100, List.of(address(7))).contains(address(7)), "not one that is in use");
    assertEquals(List.of(), book.due(START, 0, List.of()), "none if none is wanted");
    assertEquals(List.of(), book.due(START, -1, List.of()), "none if there are too many connections");
  }

  @Test
  void waitsTwiceAsLongAfterEachFailure() {
    book.add(address(1), START);
    book.failed(address(1), START);
    assertEquals(List.of(), due(START + SECOND - 1), "not before the pause is over");
    assertEquals(List.of(address(1)), due(START + SECOND), "after the pause");
    book.failed(address(1), START);
    assertEquals(List.of(), due(START + 2 * SECOND - 1), "twice the pause after the second failure");
    book.add(address(1), START);
    assertEquals(List.of(), due(START + 2 * SECOND - 1), "what others tell does not shorten it");
    book.reached(address(1), START);
    assertEquals(List.of(address(1)), due(START), "no pause once it was there");
  }

  @Test
  void forgetsWhatFailsAgainAndAgain() {
    book.add(address(1), START);
    book.addPermanent(address(2), START);
    for (int i = 0; i < 100; i++) {
      book.failed(address(1), START);
      book.failed(address(2), START);
      book.failed(address(3), START);
    }
    assertEquals(1, book.size(), "only what is permanent stays");
    assertEquals(List.of(address(2)), due(START + 200 * SECOND), "the pause is bounded");
  }

  @Test
  void seldomGivesTheNodesOwnAddress() {
    book.addPermanent(address(1), START);
    book.own(address(1), START);
    book.own(address(2), START);
    book.add(address(2), START);
    assertEquals(List.of(), due(START + 255 * SECOND), "the own address");
    assertEquals(List.of(address(1), address(2)), due(START + 256 * SECOND).stream().sorted(
        Comparator.comparing(InetSocketAddress::getPort)).toList(), "one day another node may be there");
    for (int i = 0; i < 10; i++) {
      book.failed(address(1), START);
    }
    assertEquals(2, book.size(), "one that is known to the node stays so");
  }

  @Test
  void isBounded() {
    book.addPermanent(address(1), START);
    for (int port = 2; port < 60_000; port += 3) {
      book.add(address(port), START);
      book.reached(address(port + 1), START);
      book.own(address(port + 2), START);
    }
    assertEquals(AddressBook.CAPACITY, book.size(), "the number of addresses");
    assertTrue(due(START).contains(address(1)), "the permanent one is still there");
  }
}
