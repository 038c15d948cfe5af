package popol.examples.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How a {@link Frame} looks in bytes; numbers are big-endian.
 *
 * <pre>
 * frame  = length:2 type:1 body         length counts type and body, 1 to 4094
 * HELLO  = 1  "popl":4 version:1 id:8 port:2
 * PEERS  = 2  (size:1 host:size port:2)*       size is 4 or 16; 32 of them at most
 * PING   = 3
 * PONG   = 4
 * GOSSIP = 5  id:8 hops:1 text          UTF-8, to the end of the frame
 * </pre>
 */
final class Wire {

  /** The most that a frame takes, its length included: no peer can make another one keep more. */
  static final int MAX_FRAME = 4096;

  /** The most bytes of text in a gossip. */
  static final int MAX_TEXT = MAX_FRAME - 3 - Long.BYTES - 1;

  /** The most addresses in one frame. */
  static final int MOST_ADDRESSES = 32;

  private static final int MAGIC = 0x706f706c; // "popl"
  private static final byte VERSION = 2;

  private static final byte HELLO = 1;
  private static final byte PEERS = 2;
  private static final byte PING = 3;
  private static final byte PONG = 4;
  private static final byte GOSSIP = 5;

  private Wire() {}

  /**
   * The bytes of a frame.
   *
   * @throws IllegalArgumentException if they are more than {@link #MAX_FRAME}
   */
  static ByteBuffer encode(Frame frame) {
    return switch (frame) {
      case Frame.Hello(long id, int port) ->
          start(HELLO, 15).putInt(MAGIC).put(VERSION).putLong(id).putShort((short) port).flip();
      case Frame.Peers(List<InetSocketAddress> addresses) -> encode(addresses);
      case Frame.Ping() -> start(PING, 0).flip();
      case Frame.Pong() -> start(PONG, 0).flip();
      case Frame.Gossip(long id, int hops, String text) -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        yield start(GOSSIP, Long.BYTES + 1 + bytes.length).putLong(id).put((byte) hops).put(bytes).flip();
      }
    };
  }

  private static ByteBuffer encode(List<InetSocketAddress> addresses) {
    int size = addresses.stream().mapToInt(address -> 1 + address.getAddress().getAddress().length + 2).sum();
    ByteBuffer bytes = start(PEERS, size);
    for (InetSocketAddress address : addresses) {
      byte[] host = address.getAddress().getAddress();
      bytes.put((byte) host.length).put(host).putShort((short) address.getPort());
    }
    return bytes.flip();
  }

  private static ByteBuffer start(byte type, int bodySize) {
    int size = 2 + 1 + bodySize;
    if (size > MAX_FRAME) {
      throw new IllegalArgumentException("a frame of " + size + " bytes; there can be " + MAX_FRAME);
    }
    return ByteBuffer.allocate(size).putShort((short) (1 + bodySize)).put(type);
  }

  /**
   * Takes one frame out of what was received.
   *
   * @return the frame, or null if not all of it is there yet
   * @throws WireException if this is no frame
   */
  static Frame decode(ByteBuffer received) throws WireException {
    if (received.remaining() < 2) {
      return null;
    }
    int length = Short.toUnsignedInt(received.getShort(received.position()));
    if (length < 1 || length > MAX_FRAME - 2) {
      throw new WireException("a frame of length " + length);
    }
    if (received.remaining() < 2 + length) {
      return null;
    }
    ByteBuffer frame = received.slice(received.position() + 2, length);
    received.position(received.position() + 2 + length);
    try {
      Frame decoded = decodeBody(frame.get(), frame);
      if (frame.hasRemaining()) {
        throw new WireException("a frame with " + frame.remaining() + " bytes too many");
      }
      return decoded;
    } catch (BufferUnderflowException e) {
      throw new WireException("a frame that is too short", e);
    }
  }

  /** Whether what was received, and not yet flipped, begins with a gossip. */
  static boolean isGossip(ByteBuffer received) {
    return received.position() > 2 && received.get(2) == GOSSIP;
  }

  private static Frame decodeBody(byte type, ByteBuffer body) throws WireException {
    return switch (type) {
      case HELLO -> decodeHello(body);
      case PEERS -> decodePeers(body);
      case PING -> new Frame.Ping();
      case PONG -> new Frame.Pong();
      case GOSSIP -> new Frame.Gossip(body.getLong(), decodeHops(body), decodeText(body));
      default -> throw new WireException("a frame of type " + type);
    };
  }

  private static Frame decodeHello(ByteBuffer body) throws WireException {
    if (body.getInt() != MAGIC) {
      throw new WireException("a hello of something else");
    }
    byte version = body.get();
    if (version != VERSION) {
      throw new WireException("version " + version + " of the protocol");
    }
    return new Frame.Hello(body.getLong(), decodePort(body));
  }

  private static Frame decodePeers(ByteBuffer body) throws WireException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    while (body.hasRemaining()) {
      byte size = body.get();
      if (size != 4 && size != 16) {
        throw new WireException("an address of " + size + " bytes");
      }
      byte[] host = new byte[size];
      body.get(host);
      addresses.add(new InetSocketAddress(decodeHost(host), decodePort(body)));
      if (addresses.size() > MOST_ADDRESSES) {
        throw new WireException("more than " + MOST_ADDRESSES + " addresses");
      }
    }
    return new Frame.Peers(List.copyOf(addresses));
  }

  private static InetAddress decodeHost(byte[] host) throws WireException {
    try {
      return InetAddress.getByAddress(host);
    } catch (UnknownHostException e) {
      throw new WireException("an address of " + host.length + " bytes", e);
    }
  }

  private static int decodePort(ByteBuffer body) throws WireException {
    int port = Short.toUnsignedInt(body.getShort());
    if (port == 0) {
      throw new WireException("port 0");
    }
    return port;
  }

  private static int decodeHops(ByteBuffer body) throws WireException {
    int hops = Byte.toUnsignedInt(body.get());
    if (hops > Frame.Gossip.MOST_HOPS) {
      throw new WireException("a gossip of " + hops + " hops");
    }
    return hops;
  }

  private static String decodeText(ByteBuffer body) throws WireException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(body).toString(); // one that reports what is malformed
    } catch (CharacterCodingException e) {
      throw new WireException("a text that is not UTF-8", e);
    }
  }
}
