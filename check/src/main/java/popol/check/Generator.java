package popol.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Makes random histories; the same ones of the same seed. */
final class Generator {

  private static final int SHORTEST = 20; // operations, if nothing else is asked for
  private static final int LONGEST = 120;

  private static final int NUMBERS = 64;
  private static final int BESIDE = 8; // one in so many is done beside a poll, if it can be

  /** Each action as often as its weight says. */
  private static final List<Operation.Action> ACTIONS = Arrays.stream(Operation.Action.values())
      .flatMap(one -> Collections.nCopies(one.weight, one).stream()).toList();

  private final SplittableRandom random;

  Generator(long seed) {
    this.random = new SplittableRandom(seed);
  }

  History next() {
    return next(SHORTEST, LONGEST);
  }

  /** A history of at least so many operations, and of less than so many. */
  History next(int shortest, int longest) {
    boolean isVirtual = random.nextBoolean();
    int length = random.nextInt(shortest, longest);
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      operations.add(Operation.of(ACTIONS.get(random.nextInt(ACTIONS.size())), random.nextInt(NUMBERS),
          random.nextInt(NUMBERS), random.nextInt(NUMBERS), random.nextInt(BESIDE) == 0));
    }
    return new History(isVirtual, operations);
  }
}
