/** The rules of popol as tests, written against its API alone. */
module popol.contract {
  requires transitive popol;
  requires jdk.management; // counts the bytes a thread allocates
  requires org.junit.jupiter.api;
  requires org.junit.jupiter.engine;
  requires org.junit.platform.launcher;
  requires static osgi.core; // only where it runs as a bundle

  exports popol.contract;

  opens popol.contract to org.junit.platform.commons;

  uses org.junit.platform.engine.TestEngine;
}
