/**
 * Binding C, for popol's implementations alone: prototypes as data, one shape of call for every function, one
 * convention for failed calls, memory of the C library. Every restricted method of the platform is called here, so that
 * one flag serves every system: {@code --enable-native-access=popol.engine}.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.2.0")
@NullMarked
package popol.ffm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
