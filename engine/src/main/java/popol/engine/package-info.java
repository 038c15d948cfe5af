/**
 * The engine that every operating system shares. An implementation extends {@link popol.engine.AbstractPopol}, the one
 * public class here. Not for users.
 *
 * <p>To be read from the user's call down: {@code Registry} is the doorway and holds the lock, {@code Registration}
 * puts entries in and takes them out, {@code WaitLoop} is a poll, {@code Entries} has what is registered and the only
 * place where an entry's state changes, {@code Batch} what a poll found, {@code NativeWait} the wait that other threads
 * can end, {@code ClosedSourceAudit} what the kernel does not tell, {@code Descriptors} and {@code Owners} what users'
 * objects are.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.2.0")
@NullMarked
package popol.engine;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
