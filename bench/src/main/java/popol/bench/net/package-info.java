/** The servers that are measured end to end, by one load generator: an echo, and a gossip that fans out. */
package popol.bench.net;
