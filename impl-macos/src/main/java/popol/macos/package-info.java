/**
 * popol on macOS: {@code poll} waits, a pipe wakes. The facts are those of Apple's headers and of the kernel's
 * {@code bsd/kern/sys_generic.c}.
 */
@Requirement(namespace = "osgi.native", filter = "(|(osgi.native.osname~=macosx)(osgi.native.osname~=macos))")
@NullMarked
package popol.macos;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Requirement;
