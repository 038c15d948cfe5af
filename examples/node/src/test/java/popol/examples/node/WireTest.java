package popol.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WireTest {

  static List<Frame> frames() throws Exception {
    return List.of(
        new Frame.Hello(Long.MIN_VALUE, 65_535),
        new Frame.Hello(-1, 1),
        new Frame.Peers(List.of()),
        new Frame.Peers(List.of(address("127.0.0.1", 1), address("::1", 65_535), address("2001:db8::7", 7000))),
        new Frame.Peers(Collections.nCopies(Wire.MOST_ADDRESSES, address("fe80::1", 40_000))),
        new Frame.Ping(),
        new Frame.Pong(),
        new Frame.Gossip(0, 0, ""),
        new Frame.Gossip(1L << 40, 1, "Grüße, 世界 \uD83D\uDE00"),
        new Frame.Gossip(7, Frame.Gossip.MOST_HOPS, "x".repeat(Wire.MAX_TEXT)));
  }

  private static InetSocketAddress address(String host, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void decodesWhatItEncodes(Frame frame) throws Exception {
    ByteBuffer bytes = Wire.encode(frame);
    assertTrue(bytes.remaining() <= Wire.MAX_FRAME, "no frame is longer than the bound");
    assertEquals(frame, Wire.decode(bytes), "what was encoded");
    assertEquals(0, bytes.remaining(), "a frame is taken whole");
  }

  @ParameterizedTest
  @MethodSource("frames")
  void waitsForTheRestOfAFrame(Frame frame) throws Exception {
    ByteBuffer whole = Wire.encode(frame);
    for (int size = 0; size < whole.remaining(); size++) {
      ByteBuffer part = whole.slice(0, size);
      assertNull(Wire.decode(part), "no frame of a part");
      assertEquals(size, part.remaining(), "a part is left alone");
    }
  }

  @Test
  void takesFramesOneByOne() throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
    for (Frame frame : frames()) {
      bytes.put(Wire.encode(frame));
    }
    bytes.flip();
    for (Frame frame : frames()) {
      assertEquals(frame, Wire.decode(bytes), "the next frame");
    }
    assertNull(Wire.decode(bytes), "no more frames than there were");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "0000", // nothing
    "0fff", "ffff", // longer than there can be
    "000100", "000106", "0001ff", // no such type
    "00020300", // a ping with a body
    "001001 706f706c 01 0000000000000001 1b58", // version 1
    "001001 706f7000 02 0000000000000001 1b58", // other magic
    "001001 706f706c 02 0000000000000001 0000", // port 0
    "000f01 706f706c 02 0000000000000001 1b", // cut off
    "001101 706f706c 02 0000000000000001 1b58 00", // too long
    "000802 04 7f000001 0000", // port 0
    "000702 04 7f000001 1b", // cut off
    "000502 02 7f00 1b58", // an address of two bytes
    "000302 ff 00", // of a negative number of bytes
    "000805 00000000000001", // a gossip with half an id
    "000905 0000000000000001", // without its hops
    "000a05 0000000000000001 11", // of too many hops
    "000c05 0000000000000001 00 c328", // not UTF-8
    "000d05 0000000000000001 00 eda080", // a surrogate
  })
  void rejectsWhatIsNoFrame(String hex) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    assertThrows(WireException.class, () -> Wire.decode(bytes), "no frame: " + hex);
  }

  @Test
  void rejectsTooManyAddresses() throws Exception {
    ByteBuffer bytes = Wire.encode(new Frame.Peers(Collections.nCopies(Wire.MOST_ADDRESSES + 1, address("::1", 1))));
    assertThrows(WireException.class, () -> Wire.decode(bytes), "more addresses than there may be");
  }

  @Test
  void livesThroughGarbage() {
    Random random = new Random(1);
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 2) {
        bytes[0] = 0; // so that the length is often one that there can be
        bytes[1] = (byte) random.nextInt(bytes.length + 2);
        bytes[2] = (byte) random.nextInt(7);
      }
      ByteBuffer received = ByteBuffer.wrap(bytes);
      try {
        for (Frame frame = Wire.decode(received); frame != null; frame = Wire.decode(received)) {
          Wire.encode(frame); // what is a frame can be sent on
        }
      } catch (WireException expected) {
        // the one exception there is
      }
    }
  }

  @Test
  void refusesToEncodeTooMuch() {
    String text = "x".repeat(Wire.MAX_TEXT + 1);
    assertThrows(IllegalArgumentException.class, () -> Wire.encode(new Frame.Gossip(1, 0, text)), "a text too long");
  }
}
