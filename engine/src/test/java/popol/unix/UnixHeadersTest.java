package popol.unix;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.StructLayout;
import org.junit.jupiter.api.Test;
import popol.spi.PollFormat;

/** The numbers that popol starts with are those of the layouts, which the audit holds against the headers. */
class UnixHeadersTest {

  @Test
  void thePollFormatIsThatOfItsStruct() {
    PollFormat format = UnixHeaders.pollFormat(0x2000);
    StructLayout entry = UnixHeaders.Structs.POLLFD;
    assertEquals(entry.byteSize(), format.size());
    assertEquals(0, entry.byteOffset(groupElement("fd")));
    assertFalse(format.wide());
    assertEquals(Integer.BYTES, entry.select(groupElement("fd")).byteSize());
    assertEquals(entry.byteOffset(groupElement("events")), format.events());
    assertEquals(entry.byteOffset(groupElement("revents")), format.revents());
    assertEquals(UnixHeaders.POLLIN, format.in());
    assertEquals(UnixHeaders.POLLOUT, format.out());
    assertEquals(UnixHeaders.POLLPRI, format.pri());
    assertEquals(0x2000, format.rdhup());
    assertEquals(UnixHeaders.POLLERR, format.err());
    assertEquals(UnixHeaders.POLLHUP, format.hup());
    assertEquals(UnixHeaders.POLLNVAL, format.nval());
  }
}
