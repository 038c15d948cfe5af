package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookupIT {

  @Test
  void printsWhatOtherThreadsHaveFound() throws Exception {
    try (Child lookup = new Child(Launch.withoutExport(Lookup.class))) {
      lookup.type("localhost");
      lookup.expect("localhost: .*(127\\.0\\.0\\.1|::1|0:0:0:0:0:0:0:1).*");
      lookup.type("127.0.0.2");
      lookup.expectNext("127.0.0.2: 127.0.0.2");
      lookup.type("there is none");
      lookup.expectNext("there is none: unknown");
      lookup.endInput();
      assertEquals(List.of(), lookup.expectExit(0), "no more is printed");
    }
  }

  @Test
  void losesNoAnswer() throws Exception {
    int count = 3000;
    try (Child lookup = new Child(Launch.withoutExport(Lookup.class))) {
      for (int i = 0; i < count; i++) {
        lookup.type("127.0." + i / 250 + "." + (1 + i % 250));
      }
      lookup.endInput();
      List<String> lines = lookup.expectExit(0);
      assertEquals(count, lines.stream().distinct().count(), "answers");
      assertTrue(lines.stream().allMatch(line -> line.matches("(127\\.\\d+\\.\\d+\\.\\d+): \\1")), "what they say");
    }
  }
}
