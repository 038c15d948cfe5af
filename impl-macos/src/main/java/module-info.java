/** popol's implementation on macOS. */
module popol.macos {
  requires transitive popol;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.service.component.annotations;

  provides popol.Popol with popol.macos.MacosPopol;
}
