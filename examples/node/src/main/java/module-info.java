/** A peer-to-peer node that waits with popol, as a program and as an OSGi plugin. */
module popol.examples.node {
  requires popol;
  requires static org.osgi.service.component.annotations;
  requires static osgi.core;
}
