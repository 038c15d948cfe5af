package popol.examples;

import java.net.InetSocketAddress;

/** Addresses as people write them. */
final class Addresses {

  private Addresses() {}

  /**
   * The address of a text such as {@code 127.0.0.1:4000} or {@code ::1:4000}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
      throw new IllegalArgumentException(text + " is not host:port");
    }
    InetSocketAddress address =
        new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("there is no host " + text.substring(0, colon));
    }
    return address;
  }
}
