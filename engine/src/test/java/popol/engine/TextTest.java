package popol.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TextTest {

  @Test
  void aKeyWhoseTextCannotBeHadIsNamedByItsClass() {
    assertEquals("key", Text.of("key"));
    String text = Text.of(new Object() {
      @Override
      public String toString() {
        throw new IllegalStateException("disposed");
      }
    });
    assertTrue(text.contains(TextTest.class.getName()) && text.contains("IllegalStateException"), text);
  }
}
