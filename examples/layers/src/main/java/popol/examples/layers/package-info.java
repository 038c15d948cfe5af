/** A host that loads plugins in module layers and unloads them again. */
package popol.examples.layers;
