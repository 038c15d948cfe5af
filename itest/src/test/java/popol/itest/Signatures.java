package popol.itest;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The types that the signatures of a class name: its supertypes, and all that its users and heirs see of it. */
final class Signatures {

  private final Predicate<Class<?>> hidden;
  private final Set<String> leaks = new TreeSet<>();
  private final Set<Type> seen = new HashSet<>(); // of one signature

  private Signatures(Predicate<Class<?>> hidden) {
    this.hidden = hidden;
  }

  /** Where a class names a type that is hidden: {@code member: type}. */
  static Set<String> leaks(Class<?> type, Predicate<Class<?>> hidden) {
    Signatures signatures = new Signatures(hidden);
    signatures.read(type);
    return signatures.leaks;
  }

  private void read(Class<?> type) {
    String name = type.getName();
    if (type.getGenericSuperclass() != null) {
      look(name, type.getGenericSuperclass());
    }
    look(name, type.getGenericInterfaces());
    lookAtBounds(name, type);
    for (Field field : type.getDeclaredFields()) {
      if (isSeen(field)) {
        look(name + "." + field.getName(), field.getGenericType());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isSeen(constructor)) {
        look(name + ".new", constructor.getGenericParameterTypes());
        look(name + ".new", constructor.getGenericExceptionTypes());
        lookAtBounds(name + ".new", constructor);
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isSeen(method)) {
        String place = name + "." + method.getName();
        look(place, method.getGenericReturnType());
        look(place, method.getGenericParameterTypes());
        look(place, method.getGenericExceptionTypes());
        lookAtBounds(place, method);
      }
    }
  }

  private static boolean isSeen(Member member) {
    return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && !member.isSynthetic();
  }

  private void lookAtBounds(String place, GenericDeclaration declaration) {
    for (TypeVariable<?> variable : declaration.getTypeParameters()) {
      look(place, variable.getBounds());
    }
  }

  private void look(String place, Type... types) {
    for (Type type : types) {
      seen.clear();
      find(place, type);
    }
  }

  private void find(String place, Type type) {
    if (!seen.add(type)) {
      return;
    }
    switch (type) {
      case Class<?> array when array.isArray() -> find(place, array.getComponentType());
      case Class<?> named -> {
        if (hidden.test(named)) {
          leaks.add(place + ": " + named.getName());
        }
      }
      case ParameterizedType generic -> {
        find(place, generic.getRawType());
        find(place, generic.getActualTypeArguments());
      }
      case GenericArrayType array -> find(place, array.getGenericComponentType());
      case TypeVariable<?> variable -> find(place, variable.getBounds());
      case WildcardType wildcard -> {
        find(place, wildcard.getUpperBounds());
        find(place, wildcard.getLowerBounds());
      }
      default -> throw new AssertionError(type);
    }
  }

  private void find(String place, Type[] types) {
    for (Type type : types) {
      find(place, type);
    }
  }
}
