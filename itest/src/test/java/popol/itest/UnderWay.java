package popol.itest;

import java.nio.channels.ClosedSelectorException;
import java.util.List;
import popol.itest.probe.Probe;
import popol.itest.probe.Probe.Server;
import popol.itest.probe.Probe.Task;
import popol.itest.probe.Probe.Wait;
import popol.itest.probe.Probe.Work;

/** All that a plugin can be in the middle of when it goes. */
record UnderWay(Wait platform, Wait virtual, Server server, Talk talk, Work registering, Work opening) {

  static UnderWay start(Probe probe) throws Exception {
    Wait platform = probe.startWait(Thread.ofPlatform().name("popol-consumer").daemon());
    Wait virtual = probe.startWait(Thread.ofVirtual()); // a platform thread of popol's waits in its place
    Server server = probe.startServer();
    Talk talk = Talk.with(server.port());
    talk.exchange("text");
    Eventually.waiting(platform);
    Eventually.waiting(virtual);
    Eventually.waiting(server.waiting());
    Work registering = probe.startWork(Task.REGISTER);
    Work opening = probe.startWork(Task.OPEN);
    Eventually.working(registering, "registration works while another thread waits");
    Eventually.working(opening, "registries open and close while others wait");
    return new UnderWay(platform, virtual, server, talk, registering, opening);
  }

  /** Waits until everything has ended in the way that is documented. */
  void assertEnded(String rule) throws Exception {
    for (Wait wait : List.of(platform, virtual, server.waiting())) {
      Eventually.endedBy(ClosedSelectorException.class, wait, rule);
    }
    talk.expectEnd();
    Eventually.endedBy(ClosedSelectorException.class, registering, rule);
    Eventually.endedBy(IllegalStateException.class, opening, rule); // which says to get the service again
  }
}
