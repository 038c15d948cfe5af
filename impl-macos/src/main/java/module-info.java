/** popol's implementation on macOS: a preview, which has not run on macOS itself yet. */
module popol.macos {
  requires transitive popol;
  requires popol.engine;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.service.component;
  requires static org.osgi.service.component.annotations;
  requires static osgi.core;

  provides popol.Popol with popol.macos.MacosPopol;
}
