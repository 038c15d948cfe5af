"""Runs a command on a terminal of its own and types lines once it says that it is waiting: type.py LINE... -- COMMAND"""
import os
import pty
import select
import sys
import time

end = sys.argv.index("--")
lines = sys.argv[1:end]
process, terminal = pty.fork()
if process == 0:
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
said = b""
deadline = time.monotonic() + 120
while time.monotonic() < deadline:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    said += part
    if lines and b"waiting" in said:
        os.write(terminal, "".join(line + "\r" for line in lines).encode())
        lines = []
sys.stdout.write(said.decode(errors="replace"))
sys.exit(0 if b": passed" in said else 1)
