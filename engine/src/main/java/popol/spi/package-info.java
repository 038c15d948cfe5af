/**
 * What an operating system supplies to the engine: a {@link popol.spi.Poller} that waits and a
 * {@link popol.spi.WakeHandle} that ends a wait. For a {@code poll} of any layout there is a
 * {@link popol.spi.PollArray} with its {@link popol.spi.PollFormat}. Not for users: versions below 1 change without
 * notice.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.2.0")
@NullMarked
package popol.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
