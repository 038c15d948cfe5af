/**
 * Nothing but dependencies: its artifact brings popol and the implementations for all operating systems. Those are
 * found as service providers; a program requires {@code popol} and not this module.
 */
module popol.all {
  requires transitive popol;
}
