/** The contenders in Java, each served in a process of its own, and what is measured of them. */
package popol.bench.wait;
