package popol.ffm;

import java.lang.foreign.MemorySegment;

/** The permission to call C, which the JVM's command line gives to a module by its name. */
public final class NativeAccess {

  private NativeAccess() {}

  /**
   * Asks for the permission, before a class is initialized that needs it: a class whose initializer has failed cannot
   * say why a second time.
   *
   * @throws IllegalStateException if popol may not call native code; the message names the flag
   */
  @SuppressWarnings("restricted") // any restricted method asks
  public static void require() {
    try {
      MemorySegment.NULL.reinterpret(0);
    } catch (IllegalCallerException denied) {
      throw new IllegalStateException("popol may not call native code: start the JVM with"
          + " --enable-native-access=" + moduleForFlags(NativeAccess.class)
          + " (an executable JAR can say Enable-Native-Access: ALL-UNNAMED in its manifest,"
          + " the host of a module layer calls ModuleLayer.Controller.enableNativeAccess)", denied);
    }
  }

  /**
   * How flags of the {@code java} command name the module of a class.
   *
   * @param type a class
   * @return the module's name, or {@code ALL-UNNAMED}
   */
  public static String moduleForFlags(Class<?> type) {
    Module module = type.getModule();
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }
}
