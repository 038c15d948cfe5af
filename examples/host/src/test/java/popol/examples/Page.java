package popol.examples;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of Markdown that can be followed: for each part the files to write, the commands to type, what they print. */
final class Page {

  sealed interface Step {}

  /** A block after a line that ends with the file's name. */
  record Content(String file, String text) implements Step {}

  /** A block in the language {@code sh}. */
  record Commands(String text) implements Step {}

  /** A block in the language {@code text}: all that the commands before it print. */
  record Printed(String text) implements Step {}

  private static final Pattern FILE = Pattern.compile(".*`([^`]+)`:");

  private final Path file;
  private final Map<String, List<Step>> parts = new LinkedHashMap<>();

  Page(Path file) throws IOException {
    this.file = file;
    String part = "";
    String before = "";
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("## ")) {
        part = line.substring(3);
      } else if (line.startsWith("```")) {
        StringBuilder block = new StringBuilder();
        for (i++; !lines.get(i).equals("```"); i++) {
          block.append(lines.get(i)).append('\n');
        }
        parts.computeIfAbsent(part, name -> new ArrayList<>()).add(step(line.substring(3), before, block.toString()));
      } else if (!line.isBlank()) {
        before = line;
      }
    }
  }

  private Step step(String language, String before, String text) {
    Matcher name = FILE.matcher(before);
    return switch (language) {
      case "sh" -> new Commands(text);
      case "text" -> new Printed(text);
      default -> name.matches() ? new Content(name.group(1), text) : fail(file + ": a block without a name\n" + text);
    };
  }

  /** The parts in which there is something to do. */
  List<String> parts() {
    return List.copyOf(parts.keySet());
  }

  List<Step> part(String name) {
    return parts.getOrDefault(name, List.of());
  }

  /** The groups of commands that a part has. */
  List<String> commands(String part) {
    return part(part).stream().filter(Commands.class::isInstance).map(step -> ((Commands) step).text()).toList();
  }

  /** The text of a file that a part has. */
  String content(String part, String name) {
    return part(part).stream().filter(step -> step instanceof Content content && content.file().equals(name))
        .map(step -> ((Content) step).text()).findFirst().orElseThrow();
  }
}
