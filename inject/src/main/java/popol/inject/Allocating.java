package popol.inject;

import java.util.Map;
import java.util.Set;

/**
 * Which methods of the JDK can run out of memory. All of them, but those named here, which only read or write what is
 * there. So a call that nobody has thought of is made to fail and not left out.
 */
final class Allocating {

  /** Nothing in these classes allocates. */
  private static final Set<String> NOTHING = Set.of(
      // A lock allocates when threads contend for it. That it is let go of cannot be prevented by an error.
      "java/util/concurrent/locks/ReentrantLock",
      "java/util/concurrent/locks/Condition",
      "java/util/concurrent/locks/LockSupport",
      "java/util/concurrent/atomic/AtomicInteger",
      "java/util/concurrent/atomic/AtomicLong",
      "java/util/concurrent/atomic/AtomicBoolean",
      "java/util/concurrent/atomic/AtomicReference",
      // What these call is popol's own, which has points of its own, or the user's.
      "java/lang/Runnable",
      "java/util/function/Consumer",
      "java/util/function/Supplier",
      "java/util/function/Function",
      "java/util/function/LongFunction",
      "java/util/function/IntSupplier",
      // These are calls of C functions, which fail in their own way, and of fields.
      "java/lang/invoke/MethodHandle",
      "java/lang/invoke/VarHandle",
      "java/lang/Math",
      "java/lang/Module");

  /** Methods that do not allocate, by class. */
  private static final Map<String, Set<String>> HARMLESS = Map.ofEntries(
      Map.entry("java/lang/Object", Set.of("<init>", "getClass", "equals", "hashCode", "notifyAll", "notify", "wait")),
      Map.entry("java/lang/String", Set.of("equals", "isEmpty", "length", "charAt", "startsWith", "endsWith", "indexOf",
          "hashCode")),
      Map.entry("java/lang/StringBuilder", Set.of("isEmpty", "length", "setLength", "charAt")),
      Map.entry("java/lang/Class", Set.of("getModule", "getName", "isInstance", "cast", "getClassLoader")),
      Map.entry("java/lang/Enum", Set.of("ordinal", "name", "equals", "hashCode", "compareTo")),
      Map.entry("java/lang/Thread", Set.of("currentThread", "isVirtual", "interrupted", "isInterrupted", "interrupt",
          "isAlive", "join", "yield", "onSpinWait", "getName", "threadId")),
      Map.entry("java/lang/System", Set.of("nanoTime", "arraycopy", "identityHashCode")),
      Map.entry("java/lang/Integer", Set.of("intValue", "highestOneBit", "numberOfTrailingZeros", "parseInt", "compare",
          "bitCount")),
      Map.entry("java/lang/Long", Set.of("longValue", "compare", "hashCode", "numberOfTrailingZeros", "highestOneBit")),
      Map.entry("java/lang/Short", Set.of("toUnsignedInt")),
      Map.entry("java/lang/Boolean", Set.of("booleanValue", "valueOf")),
      Map.entry("java/lang/Throwable", Set.of("getMessage", "getCause")),
      Map.entry("java/lang/foreign/MemorySegment", Set.of("get", "set", "address", "byteSize", "getAtIndex", "copy")),
      Map.entry("java/nio/ByteBuffer", Set.of("get", "put", "getInt", "putInt", "getShort", "putShort", "getLong",
          "putLong", "position", "limit", "remaining", "hasRemaining", "capacity", "clear", "flip", "isReadOnly",
          "isDirect", "order")),
      Map.entry("java/nio/channels/Channel", Set.of("isOpen")),
      Map.entry("java/nio/channels/spi/AbstractInterruptibleChannel", Set.of("isOpen")),
      Map.entry("java/net/Socket", Set.of("isClosed", "isConnected", "isBound", "getChannel")),
      Map.entry("java/net/ServerSocket", Set.of("isClosed", "isBound", "getChannel")),
      Map.entry("java/net/DatagramSocket", Set.of("isClosed", "getChannel")),
      Map.entry("java/io/FileDescriptor", Set.of("valid")),
      // Redirecting allocates the first time only.
      Map.entry("java/lang/ProcessBuilder", Set.of("redirectInput", "redirectOutput")),
      Map.entry("java/time/Duration", Set.of("isNegative", "isZero", "getSeconds", "getNano")),
      Map.entry("java/util/Objects", Set.of("requireNonNull", "equals", "hashCode", "requireNonNullElse")),
      Map.entry("java/util/Optional", Set.of("empty", "isPresent", "isEmpty", "orElse", "get")),
      Map.entry("java/util/Arrays", Set.of("fill")),
      Map.entry("java/util/Iterator", Set.of("next", "hasNext", "remove")),
      Map.entry("java/util/List",
          Set.of("get", "size", "isEmpty", "clear", "remove", "removeLast", "removeFirst", "set",
              "getFirst", "getLast", "contains")),
      Map.entry("java/util/ArrayList", Set.of("get", "size", "isEmpty", "clear", "remove", "removeLast", "set",
          "getFirst", "getLast", "contains")),
      Map.entry("java/util/Map", Set.of("get", "size", "isEmpty", "clear", "remove", "containsKey")),
      Map.entry("java/util/HashMap", Set.of("get", "size", "isEmpty", "clear", "remove", "containsKey")),
      Map.entry("java/util/Set", Set.of("size", "isEmpty", "clear", "remove", "contains")),
      Map.entry("java/util/HashSet", Set.of("size", "isEmpty", "clear", "remove", "contains")),
      Map.entry("java/util/ArrayDeque", Set.of("size", "isEmpty", "clear", "poll", "pop", "peek", "pollFirst",
          "pollLast")),
      Map.entry("java/util/Deque", Set.of("size", "isEmpty", "clear", "poll", "pop", "peek", "pollFirst", "pollLast")));

  /** Methods that put the element in first and then make room for the next one: they can fail when it is done. */
  private static final Map<String, Set<String>> DONE_BEFORE = Map.of(
      "java/util/Map", Set.of("put", "putIfAbsent", "computeIfAbsent"),
      "java/util/HashMap", Set.of("put", "putIfAbsent", "computeIfAbsent"),
      "java/util/Set", Set.of("add"),
      "java/util/HashSet", Set.of("add"),
      "java/util/Deque", Set.of("add", "addLast", "addFirst", "push", "offer"),
      "java/util/ArrayDeque", Set.of("add", "addLast", "addFirst", "push", "offer"));

  private Allocating() {}

  /** {@return whether a method of a class that is not popol's can run out of memory} */
  static boolean isPossible(String owner, String method) {
    return !method.equals("<init>") // new was before it
        && !method.equals("close") // the JDK closes whatever happens
        && !NOTHING.contains(owner)
        && !HARMLESS.getOrDefault(owner, Set.of()).contains(method);
  }

  /** {@return whether it can run out of memory after it has done its work} */
  static boolean isDoneBefore(String owner, String method) {
    return DONE_BEFORE.getOrDefault(owner, Set.of()).contains(method);
  }
}
