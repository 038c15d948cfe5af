package popol.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The array of a poll with entries of either width, without a kernel. */
class PollFormatTest {

  private static final PollFormat WIDE = new PollFormat(16, true, 8, 10, 0x100, 0x10, 0x200, 0x1, 0x2, 0x4);

  /** Reports every entry whose descriptor is even as readable. */
  private static final class EvenReadable extends PollArray {

    private final PollFormat format;

    EvenReadable(PollFormat format) {
      super(format);
      this.format = format;
    }

    @Override
    @SuppressWarnings("restricted") // the kernel's view of a pointer
    protected int poll(MemorySegment entries, int count, long nanos) {
      MemorySegment array = entries.reinterpret((long) count * format.size());
      int found = 0;
      for (long at = 0; at < (long) count * format.size(); at += format.size()) {
        long descriptor =
            format.wide() ? array.get(ValueLayout.JAVA_LONG, at) : array.get(ValueLayout.JAVA_INT, at);
        int asked = array.get(ValueLayout.JAVA_SHORT, at + format.events());
        boolean ready = descriptor % 2 == 0 && (asked & format.in()) != 0;
        array.set(ValueLayout.JAVA_SHORT, at + format.revents(), (short) (ready ? format.in() : 0));
        found += ready ? 1 : 0;
      }
      return found;
    }
  }

  @Test
  void formatOfUnixIsThatOfItsStruct() {
    PollFormat expected = new PollFormat(UnixHeaders.Structs.POLLFD, UnixHeaders.POLLIN, UnixHeaders.POLLOUT,
        UnixHeaders.POLLPRI, UnixHeaders.POLLERR, UnixHeaders.POLLHUP, UnixHeaders.POLLNVAL);
    assertEquals(expected, PollFormat.UNIX);
  }

  @Test
  void entriesOf8And16BytesSurviveGrowthAndRemoval() throws Exception {
    for (PollFormat format : List.of(PollFormat.UNIX, WIDE)) {
      try (PollArray array = new EvenReadable(format)) {
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          long descriptor = format.wide() ? (1L << 40) + i : i;
          watches.add(new Watch(descriptor, i % 4 == 2 ? Readiness.WRITABLE : Readiness.READABLE));
          array.add(watches.get(i));
        }
        for (int i = 0; i < 100; i += 3) {
          array.remove(watches.get(i));
        }
        List<Watch> found = new ArrayList<>();
        array.collect(array.await(0), (watch, readiness) -> {
          assertEquals(Readiness.READABLE, readiness);
          found.add(watch);
        });
        List<Watch> expected = new ArrayList<>();
        for (int i = 0; i < 100; i += 4) {
          if (i % 3 != 0) {
            expected.add(watches.get(i));
          }
        }
        found.sort((a, b) -> Long.compare(a.descriptor(), b.descriptor()));
        assertEquals(expected, found, "each even one that asks to be read, and is in");
      }
    }
  }
}
