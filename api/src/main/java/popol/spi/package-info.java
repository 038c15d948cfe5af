/**
 * The engine that every operating system shares, and the seam that an implementation bundle fills. Not for users.
 *
 * <p>An implementation extends {@link popol.spi.AbstractPopol} and gives it a {@link popol.spi.Poller} (for a
 * {@code poll} of any layout: a {@link popol.spi.PollArray} with its {@link popol.spi.PollFormat}) and a
 * {@link popol.spi.WakeHandle}. All else is here: the table of entries and the loop of a poll ({@code Registry}), the
 * wait that other threads can end ({@code NativeWait}), the events ({@code Batch}), the timers ({@code Timers}) and the
 * descriptors of JDK objects ({@code Owner}).
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package popol.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
