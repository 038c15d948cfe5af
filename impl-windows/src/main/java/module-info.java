/** popol's implementation on Windows: a preview, which has not run on Windows itself yet. */
module popol.windows {
  requires transitive popol;
  requires popol.engine;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.service.component;
  requires static org.osgi.service.component.annotations;
  requires static osgi.core;

  provides popol.Popol with popol.windows.WindowsPopol;
}
