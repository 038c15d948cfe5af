/**
 * popol on Linux: {@code poll} and {@code ppoll} wait, an {@code eventfd} wakes. The facts are those of the man pages
 * poll(2), eventfd(2) and pipe(2).
 */
@Requirement(namespace = "osgi.native", filter = "(osgi.native.osname~=linux)")
package popol.linux;

import org.osgi.annotation.bundle.Requirement;
