/**
 * What Linux and macOS share, for popol's implementations alone: the C functions of both, pipes, and the look-up of
 * sockets in a JVM without flags.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.2.0")
@NullMarked
package popol.unix;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
