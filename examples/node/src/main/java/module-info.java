/** A peer-to-peer node that waits with popol, as a program and as an OSGi plugin. */
module popol.examples.node {
  requires popol;
  requires static popol.examples; // for the build alone: this jar has a copy of popol.examples.parts
  requires static org.osgi.service.component.annotations;
  requires static osgi.core;
}
