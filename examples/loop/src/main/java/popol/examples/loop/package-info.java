/** One loop for the sources of several plugins. */
package popol.examples.loop;
