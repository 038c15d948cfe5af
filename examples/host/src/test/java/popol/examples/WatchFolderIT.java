package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "inotify is Linux's")
class WatchFolderIT {

  @TempDir Path temporary;

  private static Child start(Path folder) throws Exception {
    return new Child(Launch.withoutExport(WatchFolder.class, folder.toString()));
  }

  @Test
  void saysWhatHappensUntilTheFolderIsGone() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("watched"));
    try (Child child = start(folder)) {
      child.expectNext("watching " + folder);
      Path file = Files.writeString(folder.resolve("a name with spaces"), "x");
      child.expectNext("made: a name with spaces");
      child.expectNext("written: a name with spaces");
      Files.delete(file);
      child.expectNext("deleted: a name with spaces");
      Files.delete(folder);
      child.expectNext("the folder is gone");
      child.expectExit(0);
    }
  }

  @Test
  void saysEachOfMany() throws Exception {
    int count = 2000;
    try (Child child = start(temporary)) {
      child.expectNext("watching " + temporary);
      for (int i = 0; i < count; i++) {
        Files.createFile(temporary.resolve("file" + i));
        child.expect("written: file" + i);
      }
      child.endInput();
      assertEquals(List.of(), child.expectExit(0), "no more is printed");
    }
  }

  @Test
  void saysThatThereIsNoSuchFolder() throws Exception {
    try (Child child = start(temporary.resolve("none"))) {
      child.expect(".*cannot watch " + temporary.resolve("none"));
      child.expectExit(1);
    }
  }
}
