/**
 * A peer-to-peer node: one thread, which waits for its listener, its peers, its timers and its commands at once.
 *
 * <p>{@code Node} is the loop, {@code Peer} one connection, {@code Frame} what peers say to each other and {@code Wire}
 * how that looks in bytes, {@code AddressBook} where other nodes may be. {@code Main} runs a node as a program,
 * {@code NodePlugin} as an OSGi component. Nodes trust each other to say little that is false: what is bounded is what
 * a peer can cost, not what it can claim.
 */
package popol.examples.node;
