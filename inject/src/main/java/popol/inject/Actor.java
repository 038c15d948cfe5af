package popol.inject;

/** An entry of the registry, with what the contract says of it. */
abstract class Actor {

  final Key key;
  boolean registered;
  boolean unsure; // the call that registers or removes it has thrown: the registry says which
  boolean mute; // nothing can be made to happen to it
  boolean leaves; // the registry with its report
  String once; // what is owed to be reported once; null for nothing
  int least; // times that it is to be reported
  int most;
  int told; // times that it was reported
  String level; // what every poll reports; null for nothing

  Actor(String name) {
    key = new Key(name);
  }

  /** Something is to be reported once. */
  final void owed(String what) {
    owed(what, 1, 1);
  }

  final void owed(String what, int least, int most) {
    once = what;
    this.least = least;
    this.most = most;
    told = 0;
  }

  /** Nothing is to be reported any more. */
  final void silent() {
    once = null;
    level = null;
    told = 0;
  }

  /** Registers it; it has been found that it is not registered. */
  abstract void register(Stage stage) throws Exception;

  /** Makes something happen to it that is to be reported. */
  abstract void stir(Stage stage) throws Exception;

  /** What is to be reported then. */
  abstract String stirred();

  /** Has it be silent again. */
  void calm() throws Exception {}

  /** Closes what it has of the system's, at the end. */
  void close() throws Exception {}

  @Override
  public String toString() {
    return key.name();
  }
}
