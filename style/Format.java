import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jdt.core.ToolFactory;
import org.eclipse.jdt.core.formatter.CodeFormatter;
import org.eclipse.jface.text.BadLocationException;
import org.eclipse.jface.text.Document;
import org.eclipse.text.edits.TextEdit;

/**
 * Formats the Java files of a project, or checks that they are formatted: code by Eclipse's formatter, which keeps line
 * breaks that a programmer chose, lines of documentation to 120 characters, imports in order.
 *
 * <p>Arguments: {@code check} or {@code write}, the formatter's settings, the project's folder.
 */
final class Format {

  private static final int LIMIT = 120; // characters in a line
  private static final Set<String> SKIPPED = Set.of("target", ".git");

  /** A label with several patterns, between which Eclipse leaves no space. */
  private static final Pattern PATTERNS = Pattern.compile("^ *case [\\w. ]+ _,\\w[^\"'\n]*->", Pattern.MULTILINE);

  /** A line of documentation: what stands before the text, and the text. */
  private static final Pattern DOCUMENTATION = Pattern.compile("( *\\* +)(\\S.*)");

  /** The start of a text that does not go on with the line before it. */
  private static final Pattern START = Pattern.compile("[@</].*");

  /** A text whose further lines are indented. */
  private static final Pattern HANGING = Pattern.compile("(@|<li>).*");

  private final CodeFormatter formatter;
  private final Path project;
  private final boolean writes;
  private final List<String> complaints = new ArrayList<>();

  private Format(CodeFormatter formatter, Path project, boolean writes) {
    this.formatter = formatter;
    this.project = project;
    this.writes = writes;
  }

  /** Ends with status 1 if something is not as it should be. */
  static void main(String[] arguments) throws IOException {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(arguments[1]))) {
      settings.load(reader);
    }
    CodeFormatter formatter = ToolFactory.createCodeFormatter(
        settings.stringPropertyNames().stream().collect(Collectors.toMap(name -> name, settings::getProperty)),
        ToolFactory.M_FORMAT_EXISTING);
    boolean writes = arguments[0].equals("write");
    Format format = new Format(formatter, Path.of(arguments[2]).normalize(), writes);
    int count = format.files();
    if (!format.complaints.isEmpty()) {
      System.out.println(String.join("\n", format.complaints));
      if (!writes) {
        System.out.println("Not formatted: run ./format, which says what is left to do by hand.");
        System.exit(1);
      }
    } else if (!writes) {
      System.out.println(count + " Java files are formatted");
    }
  }

  /** Goes through all files; returns how many there are. */
  private int files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(project, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        boolean skipped = SKIPPED.contains(folder.getFileName().toString());
        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (file.toString().endsWith(".java")) {
          files.add(file);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    files.stream().sorted().forEach(this::file);
    return files.size();
  }

  private void file(Path file) {
    try {
      String text = Files.readString(file);
      String formatted = documentation(imports(code(file, text)));
      if (!formatted.equals(text)) {
        if (writes) {
          Files.writeString(file, formatted);
          System.out.println("formatted " + project.relativize(file));
        } else {
          complain(file, firstDifference(text, formatted), "is not formatted");
        }
      }
      complainOfLongLines(file, formatted);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private String code(Path file, String text) {
    int kind = file.endsWith("module-info.java")
        ? CodeFormatter.K_MODULE_INFO
        : CodeFormatter.K_COMPILATION_UNIT;
    TextEdit edit = formatter.format(kind | CodeFormatter.F_INCLUDE_COMMENTS, text, 0, text.length(), 0, "\n");
    if (edit == null) {
      complain(file, 1, "cannot be read as Java");
      return text;
    }
    Document document = new Document(text);
    try {
      edit.apply(document);
    } catch (BadLocationException e) {
      throw new AssertionError(file.toString(), e);
    }
    return PATTERNS.matcher(document.get()).replaceAll(label -> label.group().replaceAll(",(?=\\S)", ", "));
  }

  /** Static imports first, each group sorted. A file whose imports have something between them is left alone. */
  private static String imports(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int start = 0;
    while (start < lines.size() && !lines.get(start).startsWith("import ")) {
      start++;
    }
    int end = start;
    Set<String> statics = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    for (int i = start; i < lines.size() && (lines.get(i).startsWith("import ") || lines.get(i).isEmpty()); i++) {
      String line = lines.get(i);
      if (!line.isEmpty()) {
        String name = line.substring(0, line.length() - 1); // a.B before a.B.c, whatever comes before a semicolon
        (line.startsWith("import static ") ? statics : others).add(name);
        end = i + 1;
      }
    }
    if (end == start || lines.subList(end, lines.size()).stream().anyMatch(line -> line.startsWith("import "))) {
      return text;
    }
    List<String> sorted = new ArrayList<>();
    statics.forEach(name -> sorted.add(name + ";"));
    if (!statics.isEmpty() && !others.isEmpty()) {
      sorted.add("");
    }
    others.forEach(name -> sorted.add(name + ";"));
    List<String> imports = lines.subList(start, end);
    imports.clear();
    imports.addAll(sorted);
    return String.join("\n", lines) + "\n";
  }

  /** Moves the words of documentation that stand beyond the limit to the next line. */
  private static String documentation(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).stripTrailing();
      if (!inside && line.strip().startsWith("/**")) {
        inside = true;
        if (line.length() > LIMIT && line.endsWith("*/")) {
          String indent = " ".repeat(line.indexOf('/'));
          lines.set(i, indent + "/**");
          lines.add(i + 1, indent + " * " + line.substring(indent.length() + 3, line.length() - 2).strip());
          lines.add(i + 2, indent + " */");
          continue;
        }
      }
      if (inside && line.length() > LIMIT) {
        breakLine(lines, i);
      }
      inside = inside && !line.endsWith("*/");
    }
    return String.join("\n", lines) + "\n";
  }

  private static void breakLine(List<String> lines, int i) {
    String line = lines.get(i);
    Matcher matcher = DOCUMENTATION.matcher(line);
    int space = lastSpace(line);
    if (!matcher.matches() || space < matcher.end(1)) {
      return;
    }
    String rest = line.substring(space + 1);
    lines.set(i, line.substring(0, space));
    String prefix = matcher.group(1) + (HANGING.matcher(matcher.group(2)).matches() ? "    " : "");
    Matcher next = DOCUMENTATION.matcher(i + 1 < lines.size() ? lines.get(i + 1) : "");
    if (next.matches() && next.group(1).equals(prefix) && !START.matcher(next.group(2)).matches()) {
      lines.set(i + 1, prefix + rest + " " + next.group(2));
    } else {
      lines.add(i + 1, prefix + rest);
    }
  }

  /** Within the limit, and not inside a tag such as a link; -1 if there is none. */
  private static int lastSpace(String line) {
    int last = -1;
    int depth = 0;
    for (int i = 0; i <= LIMIT; i++) {
      switch (line.charAt(i)) {
        case '{' -> depth++;
        case '}' -> depth--;
        case ' ' -> last = depth == 0 ? i : last;
        default -> {}
      }
    }
    return last;
  }

  private void complainOfLongLines(Path file, String text) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      // The text of a test is one literal on one line, because contract/rules reads it.
      if (lines.get(i).length() > LIMIT && !lines.get(i).contains("@DisplayName(")) {
        complain(file, i + 1, "is longer than " + LIMIT + " characters: break it by hand");
      }
    }
  }

  private void complain(Path file, int line, String what) {
    complaints.add(project.relativize(file) + ":" + line + ": " + what);
  }

  private static int firstDifference(String text, String other) {
    List<String> lines = text.lines().toList();
    List<String> others = other.lines().toList();
    int line = 0;
    while (line < lines.size() && line < others.size() && lines.get(line).equals(others.get(line))) {
      line++;
    }
    return line + 1;
  }
}
