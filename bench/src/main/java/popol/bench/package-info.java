/** Measures popol against its peers, each in a process of its own; see the module's README. */
package popol.bench;
