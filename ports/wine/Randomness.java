import java.security.Provider;
import java.security.SecureRandomSpi;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Random numbers for tests under Wine, which lacks a function that the JDK's own ask for the network's interfaces, and
 * ends the JVM then. {@code Pipe.open} and {@code Selector.open} need random numbers on Windows.
 */
public final class Randomness extends Provider {

  private static final long serialVersionUID = 1;

  public Randomness() {
    super("Randomness", "1", "random numbers that are no secret");
    put("SecureRandom.Randomness", Numbers.class.getName());
  }

  public static final class Numbers extends SecureRandomSpi {

    private static final long serialVersionUID = 1;

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] bytes) {
      ThreadLocalRandom.current().nextBytes(bytes);
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] bytes = new byte[count];
      engineNextBytes(bytes);
      return bytes;
    }
  }
}
