/** What several of the examples need: made to be copied. */
package popol.examples.parts;
