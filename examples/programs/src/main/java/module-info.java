/** Small programs that wait with popol, and one of them as an OSGi plugin. */
module popol.examples {
  requires popol;
  requires jdk.unsupported; // for Signals alone
  requires static org.osgi.service.component.annotations;
  requires static osgi.core;

  exports popol.examples.parts;
}
