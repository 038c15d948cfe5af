package popol.engine;

/**
 * The number of a registry's current batch. Apart, so that an event which a user holds keeps nothing else reachable.
 */
final class BatchNumber {

  int value; // written by the polling thread with the registry's lock held
}
