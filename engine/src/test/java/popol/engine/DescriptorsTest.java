package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import popol.Source;

/** What is made of the number that the JDK has. */
class DescriptorsTest {

  @Test
  void aSocketFrom2To31OnIsNoNegativeNumber() throws Exception {
    try (ServerSocket socket = new ServerSocket()) {
      Source source = Source.of(socket);
      assertEquals(5, Descriptors.number(source, 5));
      assertEquals(0x8000_0004L, Descriptors.number(source, 0x8000_0004));
      assertEquals(0xffff_fffcL, Descriptors.number(source, -4));
      assertThrows(IllegalArgumentException.class, () -> Descriptors.number(source, -1), "closed");
    }
  }
}
