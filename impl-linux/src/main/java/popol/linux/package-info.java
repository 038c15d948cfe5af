/**
 * popol on Linux: {@code poll} and {@code ppoll} wait on few sources, {@code epoll} on many, an {@code eventfd} wakes.
 * The facts are those of the man pages poll(2), epoll(7), eventfd(2) and pipe(2).
 */
@Requirement(namespace = "osgi.native", filter = "(osgi.native.osname~=linux)")
@NullMarked
package popol.linux;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Requirement;
