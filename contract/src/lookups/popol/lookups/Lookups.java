package popol.lookups;

import java.io.IOException;
import java.net.URL;
import java.nio.channels.SelectableChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Registers sockets and pipes of all kinds without flags, in two copies of popol, while each of four threads opens,
 * connects, resets, closes and registers them, its own and the others'. Checks each descriptor against the true one,
 * and that options, mode and registrations of what is open are as before. Arguments: the number of seconds, a folder
 * for sockets with a name, popol's JARs.
 */
final class Lookups {

  private static final int THREADS = 4;
  private static final int POOL = 48; // sockets of a thread
  private static final int SHARED = 32; // sockets that all threads register

  private final AtomicReferenceArray<Opened> shared = new AtomicReferenceArray<>(SHARED);
  private final long end;

  private Lookups(long end) {
    this.end = end;
  }

  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    Lookups lookups = new Lookups(start + Long.parseLong(arguments[0]) * 1_000_000_000L);
    Path[] jars = Arrays.stream(arguments).skip(2).map(Path::of).toArray(Path[]::new);
    URL classes = Lookups.class.getProtectionDomain().getCodeSource().getLocation();
    List<Copy> copies = List.of(new Copy(jars, classes), new Copy(jars, classes));
    List<FutureTask<Outcomes>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Path folder = Files.createDirectory(Path.of(arguments[1]).resolve(Integer.toString(i)));
      threads.add(new FutureTask<>(() -> lookups.run(folder, copies)));
      Thread.ofPlatform().start(threads.getLast());
    }
    Outcomes all = new Outcomes();
    for (FutureTask<Outcomes> thread : threads) {
      all.add(thread.get());
    }
    all.print((System.nanoTime() - start) / 1e9);
    System.exit(all.isRight() ? 0 : 1);
  }

  private Outcomes run(Path folder, List<Copy> copies) throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Outcomes outcomes = new Outcomes();
    Opener opener = new Opener(folder);
    List<Copy.Trial> trials = new ArrayList<>();
    for (Copy copy : copies) {
      trials.add(copy.open());
    }
    List<Opened> own = new ArrayList<>();
    while (System.nanoTime() < end) {
      if (own.size() < POOL || random.nextInt(4) == 0) {
        own.addAll(opener.open());
      }
      while (own.size() > POOL) {
        close(own.remove(random.nextInt(own.size())));
      }
      Opened mine = own.get(random.nextInt(own.size()));
      int slot = random.nextInt(SHARED);
      if (random.nextInt(8) == 0) {
        mine.isShared = true;
        shared.set(slot, mine);
      }
      Opened other = shared.get(slot);
      Opened one = other == null || random.nextInt(3) > 0 ? mine : other;
      if (random.nextInt(16) == 0 && mine.owner instanceof SelectableChannel channel) {
        mine.isSwitched = true;
        channel.configureBlocking(random.nextBoolean());
      }
      for (Copy.Trial trial : trials) {
        outcomes.add(one, trial.of(one.owner, one.descriptor), one.changed(one == mine && !one.isShared));
      }
    }
    for (Opened one : own) {
      close(one);
    }
    return outcomes;
  }

  private static void close(Opened one) throws IOException {
    one.isClosing = true;
    if (ThreadLocalRandom.current().nextInt(4) == 0) {
      one.owner.close();
    } else {
      Opener.reset(one.owner);
    }
  }

  /** What came of the registrations of one thread, or of all. */
  private static final class Outcomes {

    private final Map<String, Map<String, Long>> byKind = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private long count;

    void add(Opened one, String outcome, String changed) {
      count++;
      boolean wrong = outcome.startsWith("wrong") && !one.isClosing && one.isOpen();
      if (wrong) {
        faults.add(one.kind + ": " + one.owner + " is " + one.descriptor + ": " + outcome);
      }
      if (changed != null) {
        faults.add(one.kind + ": changed: " + changed);
      }
      String word = wrong ? "WRONG" : outcome.startsWith("wrong") ? "closed" : reason(outcome);
      byKind.computeIfAbsent(one.kind + (one.isSwitched ? " at first" : ""), kind -> new TreeMap<>()).merge(word, 1L,
          Long::sum);
    }

    /** Without what differs from socket to socket. */
    private static String reason(String outcome) {
      return outcome.replaceAll("^popol cannot get at the descriptor of .*?: (?=it |only |no descriptor)", "refused: ")
          .replaceAll("; or start the JVM.*", "")
          .replaceAll("descriptors [0-9]+(, [0-9]+)*( and [0-9]+ more)?", "descriptors ...");
    }

    void add(Outcomes other) {
      count += other.count;
      faults.addAll(other.faults);
      other.byKind.forEach((kind, outcomes) -> {
        Map<String, Long> mine = byKind.computeIfAbsent(kind, unknown -> new TreeMap<>());
        outcomes.forEach((outcome, times) -> mine.merge(outcome, times, Long::sum));
      });
    }

    boolean isRight() {
      return faults.isEmpty();
    }

    void print(double seconds) {
      Map<String, Long> total = new TreeMap<>();
      byKind.forEach((kind, outcomes) -> {
        System.out.println(kind);
        outcomes.forEach((outcome, times) -> {
          System.out.printf("  %8d %s%n", times, outcome);
          total.merge(outcome, times, Long::sum);
        });
      });
      System.out.println("all");
      total.forEach((outcome, times) -> System.out.printf("  %8d %s%n", times, outcome));
      faults.stream().limit(20).forEach(System.out::println);
      System.out.printf(
          "%d registrations in %.0f s: %d wrong descriptors, or options, modes and registrations changed%n",
          count, seconds, faults.size());
    }
  }
}
