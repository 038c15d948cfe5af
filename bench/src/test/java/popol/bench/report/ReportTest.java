package popol.bench.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.GraphicsEnvironment;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {

  private static final List<String> LINES = List.of(
      "# processor: Abacus & Sons, 2 cores",
      "# JDK: 25",
      "what\tsources\tactive\tcontender\tvalue\tunit",
      "wait-now\t1\t1\tpopol\t300\tns",
      "wait-now\t1000\t1\tpopol\t400.25\tns",
      "wait-now\t1000\t1000\tpopol\t9000\tns",
      "wait-now\t1\t1\tc-poll\t290\tns",
      "echo p50\t10\t10\tselector\t20\tus",
      "echo p99.9\t10\t10\tselector\t200\tus",
      "startup\t1\t1\tpopol\t150\tms",
      "startup aot\t1\t1\tpopol\t90\tms",
      "ratio popol/c\twait-now\t1.03\tworst at 1 source, 1 active");

  @TempDir private Path folder;

  @BeforeAll
  static void needsFonts() {
    System.setProperty("java.awt.headless", "true");
    try {
      GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames();
    } catch (RuntimeException | LinkageError | InternalError none) {
      abort("SKIPPED: there are no fonts for the plots; install fontconfig and a font: " + none.getMessage());
    }
  }

  @Test
  void drawsWhatThereAreRowsForAndTheSameEachTime() throws Exception {
    Path rows = Files.write(folder.resolve("rows.tsv"), LINES);
    Path again = Files.createDirectory(folder.resolve("again"));
    Report.main(new String[] {folder.toString(), rows.toString()});
    Report.main(new String[] {again.toString(), rows.toString()});
    try (Stream<Path> files = Files.list(again)) {
      assertEquals(
          List.of("echo-all-latency.svg", "startup.svg", "wait-now-all.svg", "wait-now-one.svg"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }

    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    parser.setEntityResolver((name, address) -> new InputSource(new StringReader(""))); // no network
    for (String name : List.of("wait-now-one.svg", "startup.svg", "echo-all-latency.svg")) {
      assertArrayEquals(Files.readAllBytes(folder.resolve(name)), Files.readAllBytes(again.resolve(name)), name);
      Document picture = parser.parse(folder.resolve(name).toFile());
      assertEquals("svg", picture.getDocumentElement().getTagName());
      assertTrue(picture.getDocumentElement().getTextContent().contains("Abacus & Sons, 2 cores; JDK 25"), name);
    }
    String text = parser.parse(folder.resolve("wait-now-one.svg").toFile()).getDocumentElement().getTextContent();
    for (String label : List.of("A wait that finds one source ready", "popol", "c-poll", "sources", "1,000",
        "nanoseconds a wait")) {
      assertTrue(text.contains(label), label);
    }
  }
}
