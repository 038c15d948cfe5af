package popol.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import popol.Interest;
import popol.Source;

/**
 * What the tests of a JVM without flags share: each source is found, and is the right one, or the error says what to
 * do. Run by {@code Suite --stock}, because the other tests need the flags.
 */
abstract class StockTest extends ContractTest {

  private static final String DENIED = "popol cannot get at the descriptor of ";

  @BeforeEach
  void requireNoFlags() throws Exception {
    Pipe pipe = pipe();
    assertRefused(Source.of(pipe.source()), "only sockets can be found by their addresses");
  }

  /** That a source is refused for a reason, and the message names the flag and where it can be put. */
  final void assertRefused(Source source, String reason) {
    int size = sources.size();
    String message = assertThrows(IllegalStateException.class, () -> sources.register("refused", source, Interest.READ),
        "a source that cannot be found is refused").getMessage();
    assertTrue(message.startsWith(DENIED + source) && message.contains("--add-exports java.base/sun.nio.ch=")
        && message.contains("JDK_JAVA_OPTIONS"), "what to do: " + message);
    assertTrue(message.contains(reason), "why: " + message);
    assertTrue(sources.size() == size, "the registry is as before");
  }

  /** That the key's descriptor is the one that this sender sends to. */
  final void assertHears(String key, Sender sender) throws Exception {
    sender.send();
    assertNext(Map.of(key, "readable"), "the descriptor is the right one");
    assertTrue(sources.unregister(key), "rule 3: it was registered");
  }

  interface Sender {
    void send() throws Exception;
  }
}
