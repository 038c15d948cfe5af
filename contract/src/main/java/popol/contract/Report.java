package popol.contract;

import java.io.PrintStream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Counts the tests of one round and prints what is worth reading: failures, and why tests were skipped. */
final class Report implements TestExecutionListener {

  private final PrintStream out;
  private TestPlan plan;
  private int passed;
  private int failed;
  private int skipped;

  Report(PrintStream out) {
    this.out = out;
  }

  Suite.Result result() {
    return new Suite.Result(passed, failed, skipped);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    this.plan = plan;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    int tests = (int) plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
    skipped(test, Math.max(1, tests), reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
      case ABORTED -> skipped(test, 1, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
      case FAILED -> failed(test, result);
    }
  }

  private void skipped(TestIdentifier test, int tests, String reason) {
    skipped += tests;
    out.println("skipped: " + name(test) + ": " + reason);
  }

  private void failed(TestIdentifier test, TestExecutionResult result) {
    failed++;
    out.println("FAILED: " + name(test));
    result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(out));
  }

  private String name(TestIdentifier test) {
    return plan.getParent(test).map(TestIdentifier::getDisplayName).orElse("") + ", " + test.getDisplayName();
  }
}
