/**
 * popol on Windows: {@code WSAPoll} waits, on sockets alone; a pair of loopback sockets wakes. Standard input and pipes
 * are asked between slices of the wait. The facts are those of {@code <winsock2.h>} and of the vendor's documentation.
 */
@Requirement(namespace = "osgi.native", filter = "(osgi.native.osname~=win32)")
@NullMarked
package popol.windows;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Requirement;
