package popol.spi;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import popol.ffm.NativeMemory;

/** A poll array without a kernel: what each descriptor is stands in a map. */
final class FakePollArray extends PollArray {

  /** Entries of 8 bytes with a descriptor of 4, as on Unix systems. */
  static final PollFormat NARROW = new PollFormat(8, false, 4, 6, 0x1, 0x4, 0x2, 0x2000, 0x8, 0x10, 0x20);

  /** Entries of 16 bytes with a descriptor of 8, as on Windows. */
  static final PollFormat WIDE = new PollFormat(16, true, 8, 10, 0x100, 0x10, 0x200, 0, 0x1, 0x2, 0x4);

  /** What is found of a descriptor, in bits of {@link Readiness}, whatever is asked for. */
  final Map<Long, Integer> kernel = new HashMap<>();

  /** What the last wait of the whole array asked for of each descriptor, in the flags of the format. */
  final Map<Long, Integer> asked = new HashMap<>();

  /** The time that the last wait of the whole array was given. */
  long waited;

  /** What happens in the next wait that is not a look, once; or null. */
  Runnable duringWait;

  private final PollFormat format;

  FakePollArray(PollFormat format) {
    super(format);
    this.format = format;
  }

  @Override
  public String mechanism() {
    return "fake";
  }

  @Override
  protected int poll(NativeMemory memory, long entries, int count, long nanos) {
    ByteBuffer bytes = memory.bytes();
    int first = (int) (entries - memory.address());
    boolean whole = first == 0;
    if (whole) {
      waited = nanos;
      asked.clear();
      if (nanos != 0 && duringWait != null) {
        duringWait.run();
        duringWait = null;
      }
    }
    int found = 0;
    for (int i = 0; i < count; i++) {
      int at = first + i * format.size();
      long descriptor = format.wide() ? bytes.getLong(at) : bytes.getInt(at);
      if (whole) {
        asked.put(descriptor, (int) bytes.getShort(at + format.events()));
      }
      int flags = flags(kernel.getOrDefault(descriptor, 0));
      bytes.putShort(at + format.revents(), (short) flags);
      found += flags != 0 ? 1 : 0;
    }
    return found;
  }

  private int flags(int readiness) {
    return format.flags(readiness)
        | ((readiness & Readiness.ERROR) != 0 ? format.err() : 0)
        | ((readiness & Readiness.HANGUP) != 0 ? format.hup() : 0)
        | ((readiness & Readiness.INVALID) != 0 ? format.nval() : 0);
  }
}
