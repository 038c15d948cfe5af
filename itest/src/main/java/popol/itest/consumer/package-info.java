/** A bundle that uses popol, as a declarative services component and, in a module layer, as a plugin. */
package popol.itest.consumer;
