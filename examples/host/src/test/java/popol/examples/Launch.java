package popol.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A way to start an example in a JVM of its own: with the flags it needs, and little memory. */
enum Launch {
  CLASS_PATH {
    @Override
    List<String> arguments(Class<?> example) {
      return List.of("--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "-cp", Path.of(PATH, "*").toString(), example.getName());
    }
  },

  MODULE_PATH {
    @Override
    List<String> arguments(Class<?> example) {
      return List.of("--enable-native-access=popol.engine", "--add-exports=java.base/sun.nio.ch=popol.engine",
          "-p", PATH, "-m", "popol.examples/" + example.getName());
    }
  },

  /** The plugin, in the ready host; its jar has the flags, but for one against a warning of Felix. */
  FELIX {
    @Override
    List<String> arguments(Class<?> example) {
      return host(PLUGINS);
    }
  },

  EQUINOX {
    @Override
    List<String> arguments(Class<?> example) {
      return host(PLUGINS);
    }
  };

  private static final String PATH = System.getProperty("popol.examples.path");

  /** Where the example plugins are. */
  static final Path PLUGINS = Path.of(System.getProperty("popol.examples.plugins"));

  abstract List<String> arguments(Class<?> example);

  /** Starts an example; a host has but the echo server. */
  Child start(Class<?> example, String... arguments) throws IOException {
    List<String> command = java();
    command.addAll(arguments(example));
    command.addAll(List.of(arguments));
    return new Child(command);
  }

  /** The command that starts an example on the class path without the flag for the descriptors of the JDK's objects. */
  static List<String> withoutExport(Class<?> example, String... arguments) {
    return withoutExport(example.getName(), arguments);
  }

  static List<String> withoutExport(String example, String... arguments) {
    List<String> command = java();
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", Path.of(PATH, "*").toString()));
    command.add(example);
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts the echo server with more flags for its JVM. */
  Child startEchoServer(String... flags) throws IOException {
    List<String> command = java();
    command.addAll(List.of(flags));
    command.addAll(arguments(EchoServer.class));
    return new Child(command);
  }

  /** Starts the echo server by a command of a shell, which has the server's as its arguments. */
  Child startEchoServerIn(String script) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    command.addAll(java());
    command.addAll(arguments(EchoServer.class));
    return new Child(command);
  }

  /** Starts the ready host with plugins from another folder. */
  Child startHost(Path plugins, String... flags) throws IOException {
    List<String> command = java();
    command.addAll(List.of(flags));
    command.addAll(host(plugins));
    return new Child(command);
  }

  /** Starts the ready host with its shell. */
  Child startHostWithShell(Path plugins) throws IOException {
    List<String> command = java();
    command.addAll(host(plugins));
    command.add("--shell");
    return new Child(command);
  }

  List<String> host(Path plugins) {
    return List.of("--sun-misc-unsafe-memory-access=allow", "-jar", home().resolve("launcher.jar").toString(),
        plugins.toString());
  }

  /** The folder of the ready host. */
  Path home() {
    return Path.of(System.getProperty("popol.examples.host"), "popol-host-" + name().toLowerCase(Locale.ROOT));
  }

  private static List<String> java() {
    return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m"));
  }
}
