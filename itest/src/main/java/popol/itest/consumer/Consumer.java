package popol.itest.consumer;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import popol.Event;
import popol.Interest;
import popol.PipeSource;
import popol.Popol;
import popol.Source;
import popol.Sources;
import popol.itest.probe.Probe;

/** A component that gets popol injected. */
@Component(immediate = true)
public final class Consumer implements Probe {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Popol popol;

  /**
   * Called by the component runtime.
   *
   * @param popol the service
   */
  @Activate
  public Consumer(@Reference Popol popol) {
    this.popol = popol;
  }

  @Override
  public Object popol() {
    return popol;
  }

  @Override
  public String mechanism() {
    return popol.mechanism();
  }

  @Override
  public String echo(String text) throws Exception {
    try (Sources<String> sources = popol.open();
        PipeSource pipe = popol.openPipe()) {
      sources.register("pipe", Source.of(pipe), Interest.READ);
      try (OutputStream out = new FileOutputStream(pipe.writeEnd())) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      for (Event<String> event : sources.poll(LONG)) {
        if (event.isReadable()) {
          ByteBuffer buffer = ByteBuffer.allocate(1024);
          pipe.read(buffer);
          return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        }
      }
      throw new IOException("nothing to read after " + LONG);
    }
  }

  @Override
  public Wait startWait(Thread.Builder builder) throws IOException {
    Sources<String> sources = popol.open();
    sources.register("pipe", Source.of(popol.openPipe()), Interest.READ);
    FutureTask<Integer> wait = new FutureTask<>(() -> sources.poll().size());
    return new Wait(builder.start(wait), wait);
  }

  @Override
  public void open() throws IOException {
    popol.open().close();
  }

  @Override
  public void openWithoutService() throws IOException {
    Sources.open().close();
  }

  @Override
  public void register(SelectableChannel channel) throws IOException {
    try (Sources<String> sources = popol.open()) {
      sources.register("channel", channel, Interest.READ);
    }
  }
}
