package popol.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every attack on every server: a well-behaved peer is served as before, and the server lives on in little memory.
 * Prints what it measures.
 */
@Timeout(120)
@ParameterizedClass
@EnumSource
@EnabledOnOs(value = OS.LINUX, disabledReason = "the chat's terminal is made by Linux's script")
class HostileIT {

  private static final Duration QUIET = Duration.ofMillis(700);
  private static final double UNAFFECTED = 10; // times as long as when all is quiet
  // Milliseconds that a shared machine may take for anything.
  private static final double SOON = 50;
  private static final double SOMETIMES = 1000;
  private static final double IN_A_QUEUE = 10_000;
  private static final Set<Attacks> WORK = Set.of(Attacks.BYTE_BY_BYTE, Attacks.GARBAGE); // of many lines

  @Parameter Server.Kind kind;

  private Server server;

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void servesOthers(Attacks attack) throws Exception {
    assumeTrue(kind != Server.Kind.WORKERS || !WORK.contains(attack), "that is work for its workers");
    server = kind.start(Server.PLAINLY);
    RoundTrips.Exchange good = server.goodPeer();
    for (int i = 0; i < 20; i++) {
      good.run(); // so that it is warm
    }
    RoundTrips before = RoundTrips.during(QUIET, server.pace(), good);
    FutureTask<Void> task = new FutureTask<>(() -> {
      attack.run(server);
      return null;
    });
    double cpu = server.cpuSeconds();
    long start = System.nanoTime();
    Thread.ofPlatform().daemon().start(task);
    RoundTrips during = RoundTrips.during(task, server.pace(), good);
    double seconds = (System.nanoTime() - start) / 1e9;
    cpu = server.cpuSeconds() - cpu;
    System.out.printf(Locale.ROOT, "%s, %s: before %s; during %s; CPU %.2f s of %.1f s; memory %d MB%n", kind, attack,
        before, during, cpu, seconds, server.mostMemory());

    boolean works = kind == Server.Kind.WORKERS; // for its good peer too, and one line after the other
    assertTrue(during.isFew() || works || during.percentile(50) <= Math.max(SOON, UNAFFECTED * before.percentile(50)),
        "p50 of others: " + during);
    assertTrue(during.percentile(99) <= Math.max(works ? IN_A_QUEUE : SOMETIMES, UNAFFECTED * before.percentile(99)),
        "p99: " + during);
    assertTrue(cpu <= attack.mostCpu() * seconds || works, "no spin: " + cpu + " s of CPU in " + seconds + " s");
    assertIsAtRest();
    try (var late = server.join()) {
      server.exchange(late);
    }
    server.quit();
  }

  /** When the attackers are gone, nothing spins. */
  private void assertIsAtRest() throws Exception {
    double cpu = server.cpuAtRest(Duration.ofMillis(500), 0.2);
    assertTrue(cpu <= 0.2, "afterwards there is nothing to do, but it used " + cpu + " s of CPU in 0.5 s");
  }
}
