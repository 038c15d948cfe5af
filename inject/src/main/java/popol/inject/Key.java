package popol.inject;

/** A key whose methods can be made to throw, as those of an object do that has been disposed of. */
final class Key {

  private final String name;

  Key(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    Points.key("equals");
    return other instanceof Key key && key.name.equals(name);
  }

  @Override
  public int hashCode() {
    Points.key("hashCode");
    return name.hashCode();
  }

  @Override
  public String toString() {
    Points.key("toString");
    return name;
  }
}
