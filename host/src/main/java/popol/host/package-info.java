/** A ready host for plugins: starts an OSGi framework with popol in it. */
package popol.host;
