/** A plugin for a host that loads it in a module layer. */
module popol.examples.greeter {
  requires popol;

  provides Runnable with popol.examples.greeter.Greeter;
}
