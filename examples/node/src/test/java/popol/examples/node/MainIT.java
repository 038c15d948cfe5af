package popol.examples.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The node as a program, one to a JVM. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class MainIT {

  /** A way to start it. */
  enum Launch {
    STOCK("--enable-native-access=ALL-UNNAMED", "-cp", Jars.program(), Main.class.getName()),
    WITH_EXPORT("--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "-cp", Jars.program(), Main.class.getName()),
    MODULES("--enable-native-access=popol.engine",
        "-p", Jars.program(), "-m", "popol.examples.node/" + Main.class.getName());

    private final List<String> arguments;

    Launch(String... arguments) {
      this.arguments = List.of(arguments);
    }

    Program start(String... more) throws IOException {
      List<String> all = new ArrayList<>(arguments);
      all.addAll(List.of(more));
      return new Program(all);
    }
  }

  @Parameter Launch launch;

  @Test
  void obeysWhatIsTyped() throws Exception {
    try (Program first = launch.start();
        Program second = launch.start("0", first.expectPort());
        Program third = launch.start("127.0.0.1:0", "localhost:" + second.expectPort())) {
      // The third knows the second alone, and is told of the first.
      first.expect("joined: .*");
      first.expect("joined: .*");
      third.expect("joined: .*");
      third.expect("joined: .*");
      third.type("peers");
      third.expect("peers: 2");
      third.expect("peer: /127.0.0.1:\\d+ [0-9a-f]+|peer: localhost/127.0.0.1:\\d+ [0-9a-f]+");
      third.type("what");
      third.expect("unknown command what, there are: peers, say TEXT, quit");
      third.type("say hello to both of you");
      first.expect("heard: hello to both of you");
      second.expect("heard: hello to both of you");

      third.type("quit");
      third.expectEnd();
      first.expect("left: .*");
      second.expect("left: .*");
      first.type("say still here");
      second.expect("heard: still here");
      second.endInput();
      second.expect("no more commands: standard input has ended");
      first.type("say and on");
      second.expect("heard: and on");
      first.type("quit");
      first.expectEnd();
    }
  }
}
