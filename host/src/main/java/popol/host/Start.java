package popol.host;

/** Compiled for old JVMs too: says which one is needed, in place of their UnsupportedClassVersionError. */
public final class Start {

  private static final double NEEDED = 69; // the class files of Java 25

  private Start() {}

  /**
   * Starts the launcher.
   *
   * @param args its arguments
   * @throws Exception what the launcher throws
   */
  public static void main(String[] args) throws Exception {
    if (Double.parseDouble(System.getProperty("java.class.version")) < NEEDED) {
      System.err.println("popol needs a Java 25 or newer. This is Java " + System.getProperty("java.version") + ", "
          + System.getProperty("java.home") + ". Start a newer one by its path, or name its folder by JAVA_HOME.");
      System.exit(1);
    }
    Class.forName("popol.host.Launcher").getMethod("main", String[].class).invoke(null, (Object) args);
  }
}
