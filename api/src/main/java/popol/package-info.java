/**
 * Readiness of anything that has a descriptor: sockets, standard input, pipes, terminals, serial ports, child
 * processes. One thread, one call, one timeout.
 *
 * <p>{@link popol.Sources} is a registry of what a thread waits for, each entry under a key of the user's;
 * {@link popol.Sources#poll() poll} waits and gives {@link popol.Events}. A {@link popol.Source} says what to wait on,
 * an {@link popol.Interest} what to report of it, a {@link popol.Waker} wakes the wait from another thread. In OSGi the
 * service {@link popol.Popol} opens registries.
 *
 * <p>The contract in short:
 * <ul>
 *   <li>An empty result means that the timeout passed, and nothing else. A timeout is never early.
 *   <li>Readiness is level-triggered: what is not consumed is reported again. Readable, writable, priority, hang-up,
 *       error and invalid are distinct, and unread data comes before the end.
 *   <li>A dead source cannot spin the loop: an invalid one is reported once and removed; a hang-up or error that the
 *       interest does not consume is reported once.
 *   <li>Registration works from any thread, also while another one waits; the wait takes it in. One key stands for one
 *       descriptor, and one descriptor has one key.
 *   <li>A wake is never lost, an interrupt ends a wait with {@code InterruptedException}, closing ends it with
 *       {@code ClosedSelectorException}.
 *   <li>A registry keeps what it watches reachable, never closes it, and never changes its blocking mode.
 *   <li>A poll allocates nothing in the steady state; native memory is freed by {@code close}.
 * </ul>
 *
 * <p>Data that a stream above the descriptor has buffered is not seen: read standard input from
 * {@code new FileInputStream(FileDescriptor.in)}, not from {@code System.in}. A source that a user closes while another
 * thread waits on it is noticed when that wait returns; until then the kernel may keep a closed socket's connection.
 * Unregister first, which ends the kernel's wait.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
@NullMarked
package popol;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
