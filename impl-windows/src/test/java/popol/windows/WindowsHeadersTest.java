package popol.windows;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.StructLayout;
import org.junit.jupiter.api.Test;
import popol.spi.PollFormat;
import popol.spi.Readiness;

/** The numbers that popol uses are those of the layouts, which the audit holds against the headers. */
class WindowsHeadersTest {

  @Test
  void thePollFormatIsThatOfItsStruct() {
    PollFormat format = WindowsPollArray.FORMAT;
    StructLayout entry = WindowsHeaders.Structs.WSAPOLLFD;
    assertEquals(entry.byteSize(), format.size());
    assertEquals(0, offset(entry, "fd"));
    assertTrue(format.wide());
    assertEquals(Long.BYTES, entry.select(groupElement("fd")).byteSize());
    assertEquals(offset(entry, "events"), format.events());
    assertEquals(offset(entry, "revents"), format.revents());
  }

  @Test
  void onlyFlagsThatWsaPollTakesAreAskedFor() {
    int taken = WindowsHeaders.POLLRDNORM | WindowsHeaders.POLLRDBAND | WindowsHeaders.POLLWRNORM;
    assertEquals(taken, WindowsPollArray.FORMAT.flags(Readiness.WANTED), "any other flag is WSAEINVAL");
  }

  @Test
  void aNameIsThatOfItsStruct() {
    StructLayout name = WindowsHeaders.Structs.SOCKADDR_IN;
    assertEquals(name.byteSize(), SocketPair.NAME_SIZE);
    assertEquals(offset(name, "sin_family"), SocketPair.FAMILY);
    assertEquals(offset(name, "sin_port"), SocketPair.PORT);
    assertEquals(offset(name, "sin_addr"), SocketPair.ADDRESS);
  }

  @Test
  void theSizesAreThoseOfTheStructs() {
    assertEquals(WindowsHeaders.Structs.WSADATA.byteSize(), Winsock.WSADATA_SIZE);
    assertEquals(WindowsHeaders.Structs.LINGER.byteSize(), SocketPair.LINGER_SIZE);
    assertEquals(0, offset(WindowsHeaders.Structs.LINGER, "l_onoff"));
  }

  @Test
  void aRecordOfAConsoleIsThatOfItsStruct() {
    StructLayout input = WindowsHeaders.Structs.INPUT_RECORD;
    assertEquals(input.byteSize(), WindowsInput.RECORD_SIZE);
    assertEquals(offset(input, "EventType"), WindowsInput.TYPE);
    assertEquals(offset(input, "Event.KeyEvent.bKeyDown"), WindowsInput.KEY_DOWN);
    assertEquals(offset(input, "Event.KeyEvent.uChar.UnicodeChar"), WindowsInput.CHARACTER);
  }

  @Test
  void aCallThatGoesOnIsThatOfItsStruct() {
    StructLayout overlapped = WindowsHeaders.Structs.OVERLAPPED;
    assertEquals(overlapped.byteSize(), Kernel32.OVERLAPPED_SIZE);
    assertEquals(offset(overlapped, "Internal"), Kernel32.STATUS);
    assertEquals(offset(overlapped, "hEvent"), Kernel32.EVENT);
  }

  @Test
  void theRightsOfAPipeAreThoseOfTheirStruct() {
    StructLayout attributes = WindowsHeaders.Structs.SECURITY_ATTRIBUTES;
    assertEquals(attributes.byteSize(), NamedPipe.ATTRIBUTES_SIZE);
    assertEquals(0, offset(attributes, "nLength"));
    assertEquals(offset(attributes, "lpSecurityDescriptor"), NamedPipe.DESCRIPTOR);
  }

  private static long offset(StructLayout struct, String member) {
    return struct.byteOffset(groupElement(member));
  }
}
