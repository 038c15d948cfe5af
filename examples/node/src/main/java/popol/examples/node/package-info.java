/**
 * A peer-to-peer node: one thread, which waits for its listener, its peers, its timers and its commands at once.
 *
 * <p>{@code Node} is the loop, {@code Peer} one connection, {@code Frame} what peers say to each other and {@code Wire}
 * how that looks in bytes, {@code AddressBook} where other nodes may be. {@code Main} runs a node as a program,
 * {@code NodePlugin} as an OSGi component.
 *
 * <p>What a peer can cost is bounded: two buffers, a {@code Budget} of frames a second, a share of the messages that
 * are remembered ({@code Seen}), a time for whatever it starts. A message that has no room at one peer makes its sender
 * wait, not the node; so messages travel as fast as the slowest reader takes them, and one that is too slow is dropped.
 * What a peer can claim is not bounded: nodes trust each other. Whoever says hello with the id of another node that is
 * connected can cut that one off, and whoever tells of addresses is believed until they have been dialled. A network of
 * strangers needs keys and signatures.
 */
package popol.examples.node;
