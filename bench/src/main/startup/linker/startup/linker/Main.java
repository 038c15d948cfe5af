package startup.linker;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** Makes the same pipe and calls {@code poll} once, for nothing: what the platform takes to link one function. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) throws Throwable {
    Pipe pipe = Pipe.open();
    pipe.sink().write(ByteBuffer.allocateDirect(1));
    Linker linker = Linker.nativeLinker();
    MethodHandle poll = linker.downcallHandle(linker.defaultLookup().findOrThrow("poll"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    System.exit((int) poll.invokeExact(MemorySegment.NULL, 0L, 0));
  }
}
