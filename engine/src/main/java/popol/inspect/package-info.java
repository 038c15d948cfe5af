/**
 * What people ask of a running popol: which registries are open and what they hold, and whether everything works here.
 * The commands of a Gogo shell, and a program. Not for users' code.
 */
@NullMarked
package popol.inspect;

import org.jspecify.annotations.NullMarked;
