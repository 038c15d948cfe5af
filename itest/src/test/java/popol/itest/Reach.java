package popol.itest;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import popol.Event;
import popol.Events;
import popol.Interest;
import popol.PipeSink;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.Sources;
import popol.Waker;

/** A user that gets all that a user can get, and prints what of popol's inside it leads to. */
final class Reach {

  private Reach() {}

  public static void main(String[] arguments) throws Exception {
    try (Sources<String> sources = Sources.open();
        PipeSource pipe = PipeSource.open();
        PipeSink sink = PipeSink.open()) {
      Pipe channels = Pipe.open();
      channels.source().configureBlocking(false);
      channels.sink().write(ByteBuffer.wrap(new byte[1]));
      sources.register("channel", channels.source(), Interest.READ);
      sources.register("pipe", Source.of(pipe), Interest.READ);
      sources.register("sink", Source.of(sink), Interest.WRITE);
      sources.register("invalid", Source.of(sink.readEnd().hashCode() | 1 << 20), Interest.READ);
      sources.timer("timer", Duration.ZERO);
      Waker waker = sources.waker("waker");
      waker.wake();
      Events<String> events = sources.poll(Duration.ofSeconds(10));
      List<Object> objects = new ArrayList<>(List.of(sources, pipe, sink, waker, events, Popol.provider(),
          sources.interest("pipe"), sources.source("pipe"), sources.source("channel"), sources.keys(),
          Interest.READ_WRITE, events.iterator(), sources.describe()));
      for (Event<String> event : events) {
        objects.add(event);
      }
      Reachable reachable = new Reachable("popol", Popol.class.getModule().isNamed());
      Set<String> found = reachable.from(objects);
      System.out.println(objects.size() + " objects, " + events.size() + " events, " + reachable.size() + " walked");
      found.forEach(System.out::println);
    }
  }
}
