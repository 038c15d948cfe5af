package popol.examples.node;

import java.util.Set;

/**
 * A node at one moment, for other threads to see.
 *
 * @param id the number by which it knows itself
 * @param port the port it listens on
 * @param peers the ids of its peers, those with whom it exchanged a hello
 * @param connections how many there are, with and without a hello
 * @param known how many addresses it knows
 * @param mostQueued the most bytes that ever waited for one peer
 */
record Status(long id, int port, Set<Long> peers, int connections, int known, int mostQueued) {}
