package popol.contract;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import popol.PipeSink;
import popol.PipeSource;

/** What a pipe of either direction has in common, for tests of both. */
sealed interface ChildPipe extends AutoCloseable {

  /** A way to open a pipe. */
  interface Opener {
    ChildPipe open() throws IOException;
  }

  /** The two directions. */
  List<Opener> BOTH = List.of(() -> new Output(Host.openPipe()), () -> new Input(Host.openSink()));

  Process start(ProcessBuilder builder) throws IOException;

  /** The name of the child's end. */
  File name();

  void closeChildEnd();

  /** Opens the name as a {@code ProcessBuilder} does. */
  Closeable open(File name) throws IOException;

  /** Has a builder redirect a child's stream to the name. */
  void redirect(ProcessBuilder builder, File name);

  /** Has a builder redirect the stream of this direction. */
  void redirect(ProcessBuilder builder, Redirect redirect);

  /** Where a builder redirects the stream of this direction. */
  Redirect redirect(ProcessBuilder builder);

  @Override
  void close();

  /** A child writes. */
  record Output(PipeSource pipe) implements ChildPipe {

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
      return pipe.start(builder);
    }

    @Override
    public File name() {
      return pipe.writeEnd();
    }

    @Override
    public void closeChildEnd() {
      pipe.closeWriteEnd();
    }

    @Override
    public Closeable open(File name) throws IOException {
      return new FileOutputStream(name);
    }

    @Override
    public void redirect(ProcessBuilder builder, File name) {
      builder.redirectOutput(name);
    }

    @Override
    public void redirect(ProcessBuilder builder, Redirect redirect) {
      builder.redirectOutput(redirect);
    }

    @Override
    public Redirect redirect(ProcessBuilder builder) {
      return builder.redirectOutput();
    }

    @Override
    public void close() {
      pipe.close();
    }
  }

  /** A child reads. */
  record Input(PipeSink pipe) implements ChildPipe {

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
      return pipe.start(builder);
    }

    @Override
    public File name() {
      return pipe.readEnd();
    }

    @Override
    public void closeChildEnd() {
      pipe.closeReadEnd();
    }

    @Override
    public Closeable open(File name) throws IOException {
      return new FileInputStream(name);
    }

    @Override
    public void redirect(ProcessBuilder builder, File name) {
      builder.redirectInput(name);
    }

    @Override
    public void redirect(ProcessBuilder builder, Redirect redirect) {
      builder.redirectInput(redirect);
    }

    @Override
    public Redirect redirect(ProcessBuilder builder) {
      return builder.redirectInput();
    }

    @Override
    public void close() {
      pipe.close();
    }
  }
}
