package popol.check;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Operations one after another, on one registry after another.
 *
 * @param isVirtual whether the thread that polls is a virtual one
 * @param operations what is done
 */
record History(boolean isVirtual, List<Operation> operations) {

  private static final int HANGS = 30; // seconds

  /** Does it all, on a thread of its own. Gives what is wrong, or null. */
  @Nullable
  Throwable wrong(Statistics statistics) {
    return wrong(statistics, Calls.PLAIN);
  }

  /** The same, by calls that may fail. */
  @Nullable
  Throwable wrong(Statistics statistics, Calls calls) {
    FutureTask<Void> task = new FutureTask<>(() -> {
      onStage(statistics, calls);
      return null;
    });
    Thread.Builder threads = isVirtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    Thread thread = threads.start(task);
    try {
      task.get(HANGS, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException e) {
      Violation violation = new Violation("the history hangs; what its thread does is below");
      violation.setStackTrace(thread.getStackTrace());
      return violation;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void onStage(Statistics statistics, Calls calls) throws Exception {
    try (Stage stage = new Stage(statistics, calls)) {
      for (Operation operation : operations) {
        operation.on(stage);
        stage.compareQuestions();
      }
      stage.finish();
    }
    statistics.histories.incrementAndGet();
    statistics.operations.addAndGet(operations.size());
  }

  /** As Java that does it again. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("\n// on a ").append(isVirtual ? "virtual" : "platform")
        .append(" thread\ntry (Stage stage = new Stage()) {\n");
    for (Operation operation : operations) {
      text.append("  stage.").append(operation).append(";\n  stage.compareQuestions();\n");
    }
    return text.append("  stage.finish();\n}\n").toString();
  }
}
