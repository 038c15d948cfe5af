package popol.itest;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What another module can do with objects that it was given: it calls every public method without arguments that it can
 * get at, looks at what these return in the same way, and tries to open every field. Notes what is not the API's.
 */
final class Reachable {

  /** Their effect would spoil the walk, or they wait. */
  private static final Set<String> NOT_CALLED = Set.of("close", "poll", "open", "openPipe", "openSink", "wake",
      "hashCode", "toString", "getClass", "notify", "notifyAll", "wait");

  private final String api; // the package whose public types are for users
  private final boolean fields;
  private final Set<String> found = new TreeSet<>();
  private final Set<Object> walked = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> next = new ArrayDeque<>();

  /** Objects of all packages whose names begin as that of the API are looked into. */
  Reachable(String api, boolean fields) {
    this.api = api;
    this.fields = fields;
  }

  /** What is found from these objects on. */
  Set<String> from(List<?> objects) throws IllegalAccessException {
    next.addAll(objects);
    while (!next.isEmpty()) {
      Object object = next.remove();
      if (walked.add(object)) {
        look(object);
      }
    }
    return found;
  }

  /** How many objects were looked at. */
  int size() {
    return walked.size();
  }

  private void look(Object object) throws IllegalAccessException {
    Class<?> type = object.getClass();
    if (isOurs(type)) {
      Set<Class<?>> supertypes = supertypes(type);
      for (Class<?> supertype : supertypes) {
        if (isOurs(supertype)) {
          lookAtMembers(supertype, supertypes);
        }
        call(object, supertype);
      }
    } else if (object instanceof Iterable<?> many) {
      many.forEach(next::add);
    } else {
      lookAtTypes(type);
    }
  }

  private boolean isOurs(Class<?> type) {
    return type.getName().startsWith(api + ".");
  }

  private boolean isApi(Class<?> type) {
    return type.getPackageName().equals(api) && Modifier.isPublic(type.getModifiers());
  }

  /** An object of the JDK's that leads to memory or to code is known by its public types. */
  private void lookAtTypes(Class<?> type) {
    for (Class<?> supertype : supertypes(type)) {
      if (supertype.getName().startsWith("java.lang.foreign.") || supertype.getName().startsWith("java.lang.invoke.")) {
        found.add("an object of " + supertype.getName());
      }
    }
  }

  /** Public members that no type of the API or of the JDK has, and fields that can be opened. */
  private void lookAtMembers(Class<?> type, Set<Class<?>> promising) {
    for (Field field : type.getDeclaredFields()) {
      boolean visible = Modifier.isPublic(field.getModifiers());
      if (!(visible && isApi(type)) && (visible || fields && field.trySetAccessible())) {
        found.add(type.getName() + "." + field.getName());
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic() && !isPromised(method, promising)) {
        found.add(type.getName() + "." + method.getName());
      }
    }
  }

  private boolean isPromised(Method method, Set<Class<?>> promising) {
    return promising.stream()
        .filter(type -> isApi(type) || !isOurs(type))
        .flatMap(type -> List.of(type.getDeclaredMethods()).stream())
        .anyMatch(other -> other.getName().equals(method.getName())
            && List.of(other.getParameterTypes()).equals(List.of(method.getParameterTypes())));
  }

  private void call(Object object, Class<?> type) throws IllegalAccessException {
    for (Method method : type.getDeclaredMethods()) {
      if (!Modifier.isStatic(method.getModifiers()) && Modifier.isPublic(method.getModifiers())
          && method.getParameterCount() == 0 && method.canAccess(object) && !NOT_CALLED.contains(method.getName())) {
        try {
          Object result = method.invoke(object);
          if (result != null) {
            next.add(result);
          }
        } catch (InvocationTargetException refused) {
          continue; // such as a raw descriptor that is to be owned
        }
      }
    }
  }

  /** The class itself, its superclasses and all interfaces. */
  private static Set<Class<?>> supertypes(Class<?> type) {
    Set<Class<?>> types = new LinkedHashSet<>();
    for (Class<?> one = type; one != null; one = one.getSuperclass()) {
      types.add(one);
      for (Class<?> each : one.getInterfaces()) {
        types.addAll(supertypes(each));
      }
    }
    return types;
  }
}
