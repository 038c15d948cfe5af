package popol.contract;

import java.io.IOException;
import java.util.Objects;
import popol.PipeSink;
import popol.PipeSource;
import popol.Popol;
import popol.Sources;

/** What the tests run in, and how they get at popol there. */
public final class Host {

  /** A service that was given, and the name of the host that gave it. */
  private record Given(Popol popol, String host) {}

  private static volatile Given given; // null outside OSGi
  private static volatile boolean crossing;

  private Host() {}

  /**
   * Has the tests use a service instead of looking for a provider.
   *
   * @param popol the service, which is kept until {@link #forget()}
   * @param host the name of the host
   */
  public static void use(Popol popol, String host) {
    given = new Given(Objects.requireNonNull(popol), Objects.requireNonNull(host));
  }

  /** Lets go of the service that was given. */
  public static void forget() {
    given = null;
  }

  /** {@return the name of the host, one word} */
  static String name() {
    Given service = given;
    if (service != null) {
      return service.host;
    }
    return Popol.class.getModule().isNamed() ? "module-path" : "class-path";
  }

  static Popol popol() {
    Given service = given;
    return service != null ? service.popol : Popol.provider();
  }

  /** Has each registry that the tests open grow and shrink from poll to poll. */
  static void cross() throws IOException {
    Crossing.prepare();
    crossing = true;
  }

  static <K> Sources<K> open() throws IOException {
    Sources<K> registry = popol().open();
    return crossing ? new Crossing<>(registry) : registry;
  }

  static PipeSource openPipe() throws IOException {
    return popol().openPipe();
  }

  static PipeSink openSink() throws IOException {
    return popol().openSink();
  }
}
