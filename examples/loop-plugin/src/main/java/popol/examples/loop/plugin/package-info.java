/** A plugin on a shared loop. */
package popol.examples.loop.plugin;
