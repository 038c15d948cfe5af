package popol.spi;

/** How flags of the {@code java} command name the module of a class, and what they say. */
public final class Modules {

  private Modules() {}

  static String nameForFlags(Class<?> type) {
    Module module = type.getModule();
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }

  /**
   * The error where a class of an implementation bundle may not call native code.
   *
   * @param binder the class that calls
   * @param denied what the platform threw
   * @return the exception to throw, whose message names the flag
   */
  public static IllegalStateException nativeAccessDenied(Class<?> binder, IllegalCallerException denied) {
    return new IllegalStateException(binder.getPackageName() + " may not call native code: start the JVM with"
        + " --enable-native-access=" + nameForFlags(binder)
        + " (an executable JAR can say Enable-Native-Access: ALL-UNNAMED in its manifest,"
        + " the host of a module layer calls ModuleLayer.Controller.enableNativeAccess)", denied);
  }
}
