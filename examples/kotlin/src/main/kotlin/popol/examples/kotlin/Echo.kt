package popol.examples.kotlin

import java.io.EOFException
import java.io.FileDescriptor
import java.io.FileInputStream
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.ServerSocketChannel
import java.nio.channels.SocketChannel
import java.time.Duration
import popol.Interest
import popol.Source
import popol.Sources

/** What is waited for. The compiler sees to it that `when` forgets none. */
sealed interface Key

data object Listener : Key

data object Retry : Key

data object Console : Key

class Peer(val channel: SocketChannel) : Key {
  val bytes: ByteBuffer = ByteBuffer.allocate(8192)
}

/** An echo server on the loopback address; its argument is the port. */
fun main(args: Array<String>) {
  ServerSocketChannel.open().use { listener ->
    listener.bind(InetSocketAddress(InetAddress.getLoopbackAddress(), args[0].toInt())).configureBlocking(false)
    Sources.open<Key>().use { sources ->
      sources.register(Listener, listener, Interest.READ)
      sources.register(Console, Source.stdin(), Interest.READ)
      println("listening on port ${listener.socket().localPort}; Enter ends")
      serve(listener, sources)
    }
  }
}

private fun serve(listener: ServerSocketChannel, sources: Sources<Key>) {
  while (true) {
    for (event in sources.poll()) {
      when (val key = event.key()) {
        Listener -> accept(listener, sources)
        Retry -> sources.interest(Listener, Interest.READ)
        Console -> if (!event.isInvalid && typed()) return else sources.unregister(Console) // closed: serve on
        is Peer -> echo(key, sources)
      }
    }
  }
}

private fun typed(): Boolean =
  try {
    FileInputStream(FileDescriptor.`in`).read() >= 0
  } catch (_: IOException) {
    false
  }

private fun accept(listener: ServerSocketChannel, sources: Sources<Key>) {
  var channel: SocketChannel? = null
  try {
    channel = listener.accept() ?: return // the peer has left again
    channel.configureBlocking(false)
    sources.register(Peer(channel), channel, Interest.READ)
  } catch (e: Exception) { // no descriptor is left
    if (e !is IOException && e !is IllegalStateException) throw e
    channel?.close()
    sources.interest(Listener, Interest.NONE)
    sources.timer(Retry, Duration.ofSeconds(1))
  }
}

/** Reads from a peer only when all that it sent before has been sent back. */
private fun echo(peer: Peer, sources: Sources<Key>) {
  try {
    if (peer.bytes.position() == 0 && peer.channel.read(peer.bytes) < 0) throw EOFException()
    peer.channel.write(peer.bytes.flip())
    peer.bytes.compact()
    sources.interest(peer, if (peer.bytes.position() == 0) Interest.READ else Interest.WRITE)
  } catch (_: IOException) { // it has left
    sources.unregister(peer)
    peer.channel.close()
  }
}
