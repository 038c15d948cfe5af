/** Checks popol against a model of its contract, by random histories, races, signals and long runs. */
@org.jspecify.annotations.NullMarked
package popol.check;
