import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import popol.ffm.CFunction;

/**
 * Writes a C++ program that compiles only if what the Java classes of one system say of its headers is true. All is
 * read from the static fields of these classes: integers are macros, structs and named values are types, and functions
 * are functions. It is C++ because only there can a function's type be taken apart.
 *
 * <p>Arguments: the file to write, {@code right} or {@code wrong}, headers to include, and after {@code --} the names
 * of the classes. {@code wrong} makes each assertion false in one place, so that a compiler that sees them all reports
 * them all. Prints how many assertions there are.
 */
final class Audit {

  private static final String PROLOGUE = """
      #define OF(type) ((type *) 0)
      constexpr int POINTER = -1;
      constexpr int OTHER = -2;
      constexpr int NOTHING = -3;

      // What is passed for a parameter or as a result: its size if it is an integer
      template <class T> struct Passed { static constexpr int is = (T) -1 == (T) -1 ? sizeof(T) : OTHER; };
      template <class T> struct Passed<T *> { static constexpr int is = POINTER; };
      template <> struct Passed<void> { static constexpr int is = NOTHING; };

      template <int... I> struct List {};
      template <class A, class B> struct Same { static constexpr bool is = false; };
      template <class A> struct Same<A, A> { static constexpr bool is = true; };

      template <class F> struct Function;
      template <class R, class... P> struct Function<R(P...)> {
        using type = List<Passed<R>::is, Passed<P>::is...>;
        static constexpr bool variadic = false;
      };
      template <class R, class... P> struct Function<R(P..., ...)> {
        using type = List<Passed<R>::is, Passed<P>::is...>;
        static constexpr bool variadic = true;
      };
      """;

  private final StringBuilder source = new StringBuilder();
  private final List<String> functions = new ArrayList<>();
  private final int error; // added to one number of each assertion
  private int assertions;

  private Audit(boolean wrong) {
    error = wrong ? 1 : 0;
  }

  public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
    List<String> all = List.of(arguments);
    int end = all.indexOf("--");
    Audit audit = new Audit(all.get(1).equals("wrong"));
    for (String header : all.subList(2, end)) {
      audit.source.append("#include <").append(header).append(">\n");
    }
    audit.source.append(PROLOGUE);
    for (String name : all.subList(end + 1, all.size())) {
      audit.add(Class.forName(name));
    }
    audit.addLinks();
    Files.writeString(Path.of(all.getFirst()), audit.source);
    System.out.println(audit.assertions);
  }

  private void add(Class<?> headers) throws IllegalAccessException {
    source.append("\n// ").append(headers.getName()).append('\n');
    for (Field field : headers.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        throw new IllegalArgumentException(field + " is not static");
      }
      field.setAccessible(true);
      switch (field.get(null)) {
        case Integer number -> addMacro(field.getName(), "int", number);
        case Short number -> addMacro(field.getName(), "short", number);
        case Long number -> addMacro(field.getName(), "long long", number);
        case StructLayout struct -> addStruct(struct);
        case ValueLayout value -> addSize("sizeof(" + value.name().orElseThrow() + ")", value.byteSize());
        case CFunction function -> addFunction(function);
        default -> throw new IllegalArgumentException(field + " is nothing that can be held against a header");
      }
    }
    for (Class<?> nested : headers.getDeclaredClasses()) {
      add(nested);
    }
  }

  private void addMacro(String name, String type, long value) {
    check("(" + type + ") (" + name + ") == " + (value + error));
  }

  private void addStruct(StructLayout struct) {
    String type = struct.name().orElseThrow();
    boolean open = false;
    for (MemoryLayout member : struct.memberLayouts()) {
      open = member instanceof SequenceLayout sequence && sequence.elementCount() == 0;
      Optional<String> name = member.name();
      if (name.isPresent()) {
        addSize("__builtin_offsetof(" + type + ", " + name.get() + ")",
            struct.byteOffset(PathElement.groupElement(name.get())));
        if (!open) {
          addSize("sizeof(OF(" + type + ")->" + name.get() + ")", member.byteSize());
        }
      }
    }
    if (!open) {
      addSize("sizeof(" + type + ")", struct.byteSize());
    }
  }

  private void addSize(String expression, long size) {
    check(expression + " == " + (size + error));
  }

  /** The result and the fixed parameters; the variadic ones are in no header. */
  private void addFunction(CFunction function) {
    int ofResult = function.fixed() == 0 ? error : 0; // else the last parameter is wrong
    StringBuilder type =
        new StringBuilder(function.type().returnLayout().map(result -> passed(result, ofResult)).orElse("NOTHING"));
    for (int i = 0; i < function.fixed(); i++) {
      type.append(", ").append(passed(function.type().argumentLayouts().get(i), i == function.fixed() - 1 ? error : 0));
    }
    String actual = "Function<decltype(" + function.name() + ")>::";
    check("Same<" + actual + "type, List<" + type + ">>::is");
    boolean variadic = function.isVariadic() ^ error == 1;
    check(actual + "variadic == " + variadic);
    functions.add(function.name());
  }

  private static String passed(MemoryLayout layout, int error) {
    return switch (layout) {
      case AddressLayout address -> error == 0 ? "POINTER" : "OTHER";
      case ValueLayout value -> Long.toString(value.byteSize() + error);
      case PaddingLayout padding -> throw new IllegalArgumentException("padding is passed");
      default -> throw new IllegalArgumentException(layout + " is passed");
    };
  }

  private void check(String condition) {
    assertions++;
    source.append("static_assert(").append(condition).append(", \"\");\n");
  }

  /** Uses each function by the name that is looked up at run time, whatever name the headers give it. */
  private void addLinks() {
    source.append("\n#ifdef __APPLE__\n#define SYMBOL(name) \"_\" name\n#else\n#define SYMBOL(name) name\n#endif\n");
    for (String name : functions) {
      source.append("extern \"C\" char link_").append(name).append("(void) __asm__(SYMBOL(\"").append(name)
          .append("\"));\n");
    }
    source.append("#ifdef MISSING\nextern \"C\" char link_missing(void) __asm__(SYMBOL(\"popol_is_not_a_function\"));\n"
        + "#else\n#define link_missing 0\n#endif\n");
    source.append("char (*const volatile links[])(void) = {link_missing");
    for (String name : functions) {
      source.append(", link_").append(name);
    }
    source.append("};\n\nint main() { return links[sizeof links / sizeof *links - 1] == 0; }\n");
  }
}
