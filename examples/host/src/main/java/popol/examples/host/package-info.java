/** A small OSGi application to run the example plugin in. */
package popol.examples.host;
