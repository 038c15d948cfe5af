package popol.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A way to start an example in a JVM of its own: with the flags it needs, and little memory. */
enum Launch {
  CLASS_PATH {
    @Override
    List<String> arguments(Class<?> example) {
      return List.of("--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "-cp", Path.of(BUNDLES, "*").toString(), example.getName());
    }
  },

  MODULE_PATH {
    @Override
    List<String> arguments(Class<?> example) {
      return List.of("--enable-native-access=popol.linux,popol.macos,popol.windows",
          "--add-exports=java.base/sun.nio.ch=popol",
          "-p", BUNDLES, "-m", "popol.examples/" + example.getName());
    }
  },

  /** The plugin, in the host; its jar has the flags, but for one against a warning of Felix. */
  FELIX {
    @Override
    List<String> arguments(Class<?> example) {
      return List.of("--sun-misc-unsafe-memory-access=allow", "-jar", System.getProperty("popol.examples.host"));
    }
  };

  private static final String BUNDLES = System.getProperty("popol.examples.bundles");

  abstract List<String> arguments(Class<?> example);

  /** Starts an example; Felix has but the echo server. */
  Child start(Class<?> example, String... arguments) throws IOException {
    List<String> command = java();
    command.addAll(arguments(example));
    command.addAll(List.of(arguments));
    return new Child(command);
  }

  /** Starts the echo server with more flags for its JVM. */
  Child startEchoServer(String... flags) throws IOException {
    List<String> command = java();
    command.addAll(List.of(flags));
    command.addAll(arguments(EchoServer.class));
    return new Child(command);
  }

  private static List<String> java() {
    return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m"));
  }
}
