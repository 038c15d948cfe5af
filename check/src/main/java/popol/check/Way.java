package popol.check;

/** What is on its way from a writer to a reader. */
final class Way {

  int unread; // bytes
  boolean full;
  boolean hasWriter = true;
  boolean hasReader = true;

  void drained() {
    unread = 0;
    full = false;
  }
}
