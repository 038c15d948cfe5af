/** A plugin that greets whoever connects. */
package popol.examples.greeter;
