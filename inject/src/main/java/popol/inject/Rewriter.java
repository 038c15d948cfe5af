package popol.inject;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Set;

/**
 * Rewrites popol's classes: a call of {@link Points} before each {@code new}, each array and each call of a method that
 * is not popol's own and can allocate; before and after each call of a C function. It is inserted before {@code new}
 * and not before the constructor, so an error leaves nothing half made that the JVM would not have left.
 */
final class Rewriter implements ClassFileTransformer {

  private static final Set<String> PACKAGES =
      Set.of("popol", "popol/engine", "popol/spi", "popol/ffm", "popol/unix", "popol/linux");

  private static final ClassDesc POINTS = ClassDesc.of("popol.inject.Points");
  private static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
  private static final ClassDesc FUNCTION = ClassDesc.of("popol.ffm.NativeFunction");
  private static final ClassDesc PROTOTYPE = ClassDesc.of("popol.ffm.CFunction");
  private static final ClassDesc MEMORY = ClassDesc.of("popol.ffm.NativeMemory");
  private static final ClassDesc SHARED_WAITER = ClassDesc.of("popol.engine.SharedWaiter");
  private static final MethodTypeDesc SITE = MethodTypeDesc.of(CD_void, CD_int);

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    if (loader == null || name == null || !PACKAGES.contains(name.substring(0, Math.max(0, name.lastIndexOf('/'))))) {
      return null;
    }
    try {
      return rewrite(loader, bytes);
    } catch (Throwable t) { // which the JVM would ignore
      t.printStackTrace();
      Runtime.getRuntime().halt(70);
      throw t;
    }
  }

  private static byte[] rewrite(ClassLoader loader, byte[] bytes) {
    ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
        ClassHierarchyResolver.ofResourceParsing(loader)
            .orElse(ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader()))));
    ClassModel model = classFile.parse(bytes);
    return classFile.transformClass(model, (builder, element) -> {
      if (element instanceof MethodModel method && method.code().isPresent()) {
        builder.transformMethod(method, MethodTransform.transformingCode(transform(model, method)));
      } else {
        builder.with(element);
      }
    });
  }

  private static CodeTransform transform(ClassModel type, MethodModel method) {
    String name = method.methodName().stringValue();
    if (name.equals(CLASS_INIT_NAME)) {
      return new Initializer();
    }
    CodeTransform points = new Allocations(type.thisClass().asSymbol(), name);
    if (type.thisClass().asSymbol().equals(SHARED_WAITER) && name.equals("await")) {
      return points.andThen(new Hurry());
    }
    boolean function = type.thisClass().asSymbol().equals(FUNCTION);
    if (function && name.equals("of") && method.methodTypeSymbol().parameterCount() == 2) {
      return points.andThen(new Binding());
    }
    if (!callsHandle(method) || !type.thisClass().asSymbol().packageName().equals(FUNCTION.packageName())) {
      return points;
    }
    if (function && name.equals("plain")) {
      return points.andThen(new PlainCall());
    }
    if (function && (name.equals("raw") || name.equals("rawOfMany"))) {
      return points.andThen(new Call(name.equals("raw")));
    }
    throw new IllegalStateException("a new way to call C, of which this harness does not know: "
        + type.thisClass().asInternalName() + "." + name);
  }

  private static boolean callsHandle(MethodModel method) {
    for (CodeElement element : method.code().orElseThrow()) {
      if (element instanceof InvokeInstruction call
          && call.owner().asInternalName().equals("java/lang/invoke/MethodHandle")
          && call.name().stringValue().startsWith("invoke")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPopol(String owner) {
    int end = owner.lastIndexOf('/');
    return end >= 0 && PACKAGES.contains(owner.substring(0, end));
  }

  /** A method that allocates. */
  private static final class Allocations implements CodeTransform {

    private final String method;
    private int line;

    Allocations(ClassDesc type, String method) {
      this.method = type.packageName() + "." + type.displayName() + "." + method;
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      switch (element) {
        case LineNumber number -> {
          line = number.line();
          code.with(element);
        }
        case NewObjectInstruction created ->
            before(code, element, "new " + created.className().asSymbol().displayName());
        case NewReferenceArrayInstruction _, NewPrimitiveArrayInstruction _, NewMultiArrayInstruction _ ->
            before(code, element, "array");
        case InvokeDynamicInstruction dynamic ->
            before(code, element, "link " + dynamic.bootstrapMethod().owner().displayName());
        case InvokeInstruction call when canAllocate(call) -> {
          String text = simple(call) + "." + call.name().stringValue();
          before(code, element, text);
          if (Allocating.isDoneBefore(call.owner().asInternalName(), call.name().stringValue())) {
            point(code, "after " + text);
          }
        }
        default -> code.with(element);
      }
    }

    private static boolean canAllocate(InvokeInstruction call) {
      String owner = call.owner().asInternalName();
      return !isPopol(owner) && Allocating.isPossible(owner, call.name().stringValue());
    }

    private static String simple(InvokeInstruction call) {
      String owner = call.owner().asInternalName();
      return owner.substring(owner.lastIndexOf('/') + 1);
    }

    private void before(CodeBuilder code, CodeElement element, String what) {
      point(code, what);
      code.with(element);
    }

    private void point(CodeBuilder code, String what) {
      code.loadConstant(Points.site(method + ":" + line + " " + what)).invokestatic(POINTS, "allocation", SITE);
    }
  }

  /** A static initializer, which is not made to fail. */
  private static final class Initializer implements CodeTransform {

    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(CD_void);

    @Override
    public void atStart(CodeBuilder code) {
      code.invokestatic(POINTS, "beginInitializer", NOTHING);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction) {
        code.invokestatic(POINTS, "endInitializer", NOTHING);
      }
      code.with(element);
    }
  }

  /** The thread that waits for virtual threads looks much more often whether it is still needed. */
  private static final class Hurry implements CodeTransform {

    private static final int IDLE = 1000; // milliseconds, SharedWaiter's
    private static final int SOON = 5;

    private boolean done;

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ConstantInstruction constant && constant.constantValue().equals(IDLE)) {
        code.loadConstant(SOON);
        done = true;
      } else {
        code.with(element);
      }
    }

    @Override
    public void atEnd(CodeBuilder code) {
      if (!done) {
        throw new IllegalStateException("SharedWaiter waits in another way, of which this harness does not know");
      }
    }
  }

  /** The method that binds a C function by its name. */
  private static final class Binding implements CodeTransform {

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction) {
        code.dup().invokevirtual(FUNCTION, "address", MethodTypeDesc.of(SEGMENT))
            .aload(1).invokevirtual(PROTOTYPE, "name", MethodTypeDesc.of(CD_String))
            .invokestatic(POINTS, "bound", MethodTypeDesc.of(CD_void, SEGMENT, CD_String));
      }
      code.with(element);
    }
  }

  /** The method that calls a C function of four arguments without its error number. */
  private static final class PlainCall implements CodeTransform {

    @Override
    public void atStart(CodeBuilder code) {
      Label made = code.newLabel();
      code.aload(0).getfield(FUNCTION, "address", SEGMENT).lload(1).lload(3)
          .invokestatic(POINTS, "failsPlainly", MethodTypeDesc.of(CD_boolean, SEGMENT, CD_long, CD_long))
          .ifeq(made)
          .iconst_m1()
          .ireturn()
          .labelBinding(made);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }

  /** A method that calls a C function: {@code (NativeMemory, long...)} or {@code (NativeMemory, long[])}. */
  private record Call(boolean spread) implements CodeTransform {

    @Override
    public void atStart(CodeBuilder code) {
      Label made = code.newLabel();
      function(code);
      if (spread) {
        code.lload(2).lload(4);
      } else {
        code.lconst_0().lconst_0();
      }
      code.invokestatic(POINTS, "fails", MethodTypeDesc.of(CD_boolean, SEGMENT, SEGMENT, CD_long, CD_long))
          .ifeq(made)
          .aload(0).getfield(FUNCTION, "address", SEGMENT)
          .invokestatic(POINTS, "failure", MethodTypeDesc.of(CD_long, SEGMENT))
          .lreturn()
          .labelBinding(made);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction result && result.opcode() == Opcode.LRETURN) {
        function(code);
        code.invokestatic(POINTS, "called", MethodTypeDesc.of(CD_long, CD_long, SEGMENT, SEGMENT));
      }
      code.with(element);
    }

    private static void function(CodeBuilder code) {
      code.aload(0).getfield(FUNCTION, "address", SEGMENT)
          .aload(1).invokevirtual(MEMORY, "state", MethodTypeDesc.of(SEGMENT));
    }
  }
}
