package popol.engine;

/**
 * The one state of an entry. {@link Entries} alone changes it.
 *
 * <p>Beside it stands what is not the registry's: whether the current batch has the entry, which {@link Batch} knows.
 */
enum State {

  /** Under its key; the kernel, the clock or a waker tells when there is something to report. */
  REGISTERED,

  /**
   * Under its key, and in the list of what the next poll reports: a wake, an expiry that nobody read, a dead source.
   */
  PENDING,

  /**
   * Reported for the last time: a timer that expired, a dead source. Its key is free; the batch still has the event.
   */
  LEAVING,

  /** No longer in the registry. */
  GONE
}
