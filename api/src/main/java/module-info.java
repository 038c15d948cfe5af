/** Readiness of anything that has a descriptor, through the platform's own {@code poll}. */
module popol {
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;

  exports popol;
  exports popol.spi;

  uses popol.Popol;
}
