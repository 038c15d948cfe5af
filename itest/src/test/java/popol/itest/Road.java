package popol.itest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a program without OSGi finds popol, and which module flags have to name there. */
enum Road {
  CLASS_PATH("class path", "ALL-UNNAMED"),
  MODULE_PATH("module path", "popol.engine");

  /** The path's name in messages. */
  final String title;
  /** The module that asks the JDK for descriptors, and calls native code. */
  final String module;

  Road(String title, String module) {
    this.title = title;
    this.module = module;
  }

  String nativeAccess() {
    return "--enable-native-access=" + module;
  }

  String export() {
    return "--add-exports java.base/sun.nio.ch=" + module;
  }

  String open() {
    return "--add-opens java.base/java.net=" + module;
  }

  /** Makes the attempts in a JVM with these jars and flags: for each its answer, as {@link Attempt} prints it. */
  Map<Attempt, String> run(Collection<Path> jars, List<String> flags, Attempt... attempts)
      throws IOException, InterruptedException {
    ChildJvm jvm = new ChildJvm().flags(flags);
    if (this == CLASS_PATH) {
      List<Path> path = new ArrayList<>(jars);
      path.add(Jars.tests());
      jvm.classPath(path);
    } else {
      jvm.modulePath(jars).flags("--add-modules", "popol").classPath(List.of(Jars.tests()));
    }
    String[] names = Stream.of(attempts).map(Attempt::name).toArray(String[]::new);
    return answers(jvm, jvm.run(Stream.concat(Stream.of(Attempt.class.getName()), Stream.of(names))
        .toArray(String[]::new)));
  }

  /** The answers in what a child printed, which must be nothing else. */
  static Map<Attempt, String> answers(ChildJvm jvm, ChildJvm.Result result) {
    Map<Attempt, String> answers = new LinkedHashMap<>();
    for (String line : result.output().lines().toList()) {
      String[] parts = line.split(": ", 2);
      try {
        answers.put(Attempt.valueOf(parts[0]), parts[1]);
      } catch (IllegalArgumentException e) {
        throw new AssertionError(jvm + " printed\n" + result.output(), e);
      }
    }
    return answers;
  }
}
