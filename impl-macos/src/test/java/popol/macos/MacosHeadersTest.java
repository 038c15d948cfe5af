package popol.macos;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The numbers that popol uses are those of the layouts, which the audit holds against the headers. */
class MacosHeadersTest {

  @Test
  void theSizesAreThoseOfTheStructs() {
    assertEquals(MacosHeaders.Structs.FD_SET.byteSize(), Select.SET_SIZE);
    assertEquals(MacosHeaders.Structs.TIMEVAL.byteSize(), Select.TIME_SIZE);
  }

  @Test
  void anAddressHasItsFamilyInItsSecondByte() {
    assertEquals(MacosHeaders.Structs.SOCKADDR.byteOffset(groupElement("sa_family")), LibSystem.FAMILY);
  }
}
