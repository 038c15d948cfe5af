/** A host of plugins that are modules: each in a layer of its own, above one layer with popol. */
module popol.examples.layers {
  uses Runnable;
}
