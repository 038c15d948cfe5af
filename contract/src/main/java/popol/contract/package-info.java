/**
 * The rules of popol as tests. {@link popol.contract.Suite} runs them, on the class path, on the module path and inside
 * an OSGi framework; each test is named after the rule that it holds popol to, and says the rule when it fails.
 *
 * <p>The tests know popol's API alone, so that they hold for every mechanism on every operating system.
 */
package popol.contract;
