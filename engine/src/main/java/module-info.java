/** What popol's implementations for all operating systems share. Not for users. */
module popol.engine {
  requires transitive popol;
  requires static jdk.jfr;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires static osgi.core;

  exports popol.engine;
  exports popol.ffm to
      popol.linux,
      popol.macos,
      popol.windows;
  exports popol.spi;
  exports popol.unix to
      popol.linux,
      popol.macos,
      popol.windows;
}
