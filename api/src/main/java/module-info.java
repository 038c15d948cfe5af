/** Readiness of anything that has a descriptor, through the platform's own {@code poll}. */
module popol {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;

  exports popol;

  uses popol.Popol;
}
