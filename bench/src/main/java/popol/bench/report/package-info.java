/** Draws plots of the rows that the benchmarks print. */
package popol.bench.report;
