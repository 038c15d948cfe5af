//! The Rust libraries as contenders: `contender popol`, `contender mio`, `contender polling`. Obeys the lines on
//! standard input as every contender does, see the README beside this folder; waits are all that it can.

use std::io::{self, BufRead, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::Instant;

const BATCH: u128 = 50_000; // nanoseconds, at least, once the size is found
const MOST_BATCHES: usize = 10_000;

/// One registry of a library, with a wake descriptor beside the streams.
trait Waiter {
    /// Waits, counts each readable stream's event in its place, and returns how many there were.
    fn wait(&mut self, readable: &mut [u64]) -> io::Result<usize>;
}

struct Popol {
    sources: popol::Sources<usize>,
    events: Vec<popol::Event<usize>>,
    _waker: popol::Waker,
}

impl Popol {
    fn open(streams: &[TcpStream]) -> io::Result<Self> {
        let mut sources = popol::Sources::with_capacity(streams.len() + 1);
        let waker = popol::Waker::register(&mut sources, usize::MAX)?;
        for (i, stream) in streams.iter().enumerate() {
            sources.register(i, stream, popol::interest::READ);
        }
        Ok(Popol { sources, events: Vec::with_capacity(streams.len() + 1), _waker: waker })
    }
}

impl Waiter for Popol {
    fn wait(&mut self, readable: &mut [u64]) -> io::Result<usize> {
        self.events.clear();
        self.sources.wait(&mut self.events)?;
        for event in &self.events {
            if event.is_readable() {
                readable[event.key] += 1;
            }
        }
        Ok(self.events.len())
    }
}

/// Edge-triggered: to be told again of what it has not read, it has to register each stream again.
struct Mio<'a> {
    poll: mio::Poll,
    events: mio::Events,
    streams: &'a [TcpStream],
    again: bool,
    _waker: mio::Waker,
}

impl<'a> Mio<'a> {
    fn open(streams: &'a [TcpStream], again: bool) -> io::Result<Self> {
        let poll = mio::Poll::new()?;
        let waker = mio::Waker::new(poll.registry(), mio::Token(usize::MAX))?;
        for (i, stream) in streams.iter().enumerate() {
            let descriptor = stream.as_raw_fd();
            let mut source = mio::unix::SourceFd(&descriptor);
            poll.registry().register(&mut source, mio::Token(i), mio::Interest::READABLE)?;
        }
        Ok(Mio { poll, events: mio::Events::with_capacity(streams.len() + 1), streams, again, _waker: waker })
    }
}

impl Waiter for Mio<'_> {
    fn wait(&mut self, readable: &mut [u64]) -> io::Result<usize> {
        self.poll.poll(&mut self.events, None)?;
        let mut count = 0;
        for event in &self.events {
            count += 1;
            if event.is_readable() {
                readable[event.token().0] += 1;
            }
            if self.again {
                let descriptor = self.streams[event.token().0].as_raw_fd();
                let mut source = mio::unix::SourceFd(&descriptor);
                self.poll.registry().reregister(&mut source, event.token(), mio::Interest::READABLE)?;
            }
        }
        Ok(count)
    }
}

struct Polling<'a> {
    poller: polling::Poller,
    events: polling::Events,
    streams: &'a [TcpStream],
}

impl<'a> Polling<'a> {
    fn open(streams: &'a [TcpStream]) -> io::Result<Self> {
        let poller = polling::Poller::new()?;
        for (i, stream) in streams.iter().enumerate() {
            // The streams live longer than the poller, which deletes them when it is dropped.
            unsafe { poller.add_with_mode(stream, polling::Event::readable(i), polling::PollMode::Level)? };
        }
        let capacity = std::num::NonZeroUsize::new(streams.len() + 1).expect("not zero");
        Ok(Polling { poller, events: polling::Events::with_capacity(capacity), streams })
    }
}

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        for stream in self.streams {
            let _ = self.poller.delete(stream);
        }
    }
}

impl Waiter for Polling<'_> {
    fn wait(&mut self, readable: &mut [u64]) -> io::Result<usize> {
        self.events.clear();
        self.poller.wait(&mut self.events, None)?;
        let mut count = 0;
        for event in self.events.iter() {
            count += 1;
            if event.readable {
                readable[event.key] += 1;
            }
        }
        Ok(count)
    }
}

fn open<'a>(library: &str, blocks: bool, streams: &'a [TcpStream]) -> io::Result<Box<dyn Waiter + 'a>> {
    Ok(match library {
        "popol" => Box::new(Popol::open(streams)?),
        "mio" => Box::new(Mio::open(streams, !blocks)?),
        "polling" => Box::new(Polling::open(streams)?),
        _ => return Err(io::Error::other(format!("there is no library {library}"))),
    })
}

/// Runs batches until the time is over, and returns the answer.
fn run(
    waiter: &mut dyn Waiter,
    blocks: bool,
    streams: &[TcpStream],
    batch: &mut u128,
    nanos: u128,
) -> io::Result<String> {
    let mut last = streams.last().expect("a stream");
    let mut readable = vec![0; streams.len()];
    let mut costs = Vec::with_capacity(MOST_BATCHES);
    let mut operations = 0;
    let mut events = 0;
    let mut byte = [0];
    let start = Instant::now();
    while start.elapsed().as_nanos() < nanos && costs.len() < MOST_BATCHES {
        let begun = Instant::now();
        for _ in 0..*batch {
            if blocks {
                last.write_all(&byte)?;
            }
            events += waiter.wait(&mut readable)?;
            if blocks {
                last.read_exact(&mut byte)?;
            }
        }
        let taken = begun.elapsed().as_nanos();
        costs.push(taken as f64 / *batch as f64);
        operations += *batch;
        if taken < BATCH {
            *batch *= 2;
        }
    }
    if readable.iter().sum::<u64>() != events as u64 {
        return Err(io::Error::other("the waits and the streams count different events"));
    }
    costs.sort_by(f64::total_cmp);
    Ok(format!("{} {} {} 0", costs[costs.len() / 4], operations, events))
}

/// Answers the commands of one cell, until it is closed.
fn serve(library: &str, open_line: &[&str], lines: &mut impl Iterator<Item = io::Result<String>>) -> io::Result<()> {
    let invalid = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let blocks = open_line[1] == "wait-block";
    let count: usize = open_line[2].parse().map_err(invalid)?;
    let port: u16 = open_line[3].parse().map_err(invalid)?;
    let mut streams = Vec::with_capacity(count);
    for _ in 0..count {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let mut waiter = open(library, blocks, &streams)?;
    let mut batch = 1;
    println!("ok");
    for line in lines {
        let line = line?;
        match line.split_once(' ') {
            Some(("run", nanos)) => {
                let nanos = nanos.parse().map_err(invalid)?;
                println!("{}", run(waiter.as_mut(), blocks, &streams, &mut batch, nanos)?);
            }
            _ if line == "close" => break,
            _ => return Err(io::Error::other(format!("there is no command {line}"))),
        }
    }
    Ok(())
}

fn obey(library: &str) -> io::Result<()> {
    let mut lines = io::stdin().lock().lines();
    println!("ok");
    while let Some(line) = lines.next() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "thread" => println!("{}", std::process::id()), // of the main thread, which is the only one
            "open" if words.len() == 4 => {
                serve(library, &words, &mut lines)?;
                println!("ok");
            }
            _ => return Err(io::Error::other(format!("there is no command {line}"))),
        }
    }
    Ok(())
}

fn main() {
    unsafe {
        let mut limit = std::mem::zeroed();
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit);
        limit.rlim_cur = limit.rlim_max;
        libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
    }
    let library = std::env::args().nth(1).unwrap_or_default();
    if let Err(error) = obey(&library) {
        println!("error {error}");
        std::process::exit(1);
    }
}
