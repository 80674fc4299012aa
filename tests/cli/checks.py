"""What the checks of the command share: running it, judging it, and the loop over groups of checks.

The programs that import this are called with QUERN SOURCE_FOLDER GROUP [GROUP ...]; standard library only.
"""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback

QUERN, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
PATIENCE = float(os.environ.get("QN_TEST_PATIENCE", "1"))  # how much slower this build is than an ordinary one


class Skip(Exception):
    """A check that cannot be made here, and why."""


class Run:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def run(*arguments, stdin=None, env=None, cwd=None, timeout=240):
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE", "COLUMNS")}
    environment.update(env or {})
    done = subprocess.run([QUERN, *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
                          cwd=cwd, timeout=timeout * PATIENCE, text=True)
    return Run(done.returncode, done.stdout, done.stderr)


def expect(condition, *details):
    if not condition:
        raise AssertionError("\n".join(str(d.__dict__ if isinstance(d, Run) else d) for d in details))


def fails(code, pattern, *arguments, **keywords):
    """The command ends with this exit code, says this on standard error and nothing on standard output."""
    result = run(*arguments, **keywords)
    expect(result.code == code, "exit code", result)
    expect(result.out == "", "standard output is not empty", result)
    expect(result.err.startswith("quern: error: "), result)
    expect(re.search(pattern, result.err), pattern, result)
    return result


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def untimed(value):
    """The same JSON value without what clocks said."""
    if isinstance(value, dict):
        return {k: untimed(v) for k, v in value.items() if "seconds" not in k}
    if isinstance(value, list):
        return [untimed(v) for v in value]
    return value


def interrupt(process, seconds=0.0):
    """Send Ctrl-C once the process listens to it and has computed for so long: its own clock, which a busy machine does not hurry."""
    ticks = os.sysconf("SC_CLK_TCK")
    try:
        while process.poll() is None:
            with open("/proc/%d/status" % process.pid, encoding="ascii") as status:
                listens = any(int(line.split()[1], 16) >> (signal.SIGINT - 1) & 1 for line in status if line.startswith("SigCgt"))
            with open("/proc/%d/stat" % process.pid, encoding="utf-8") as stat:
                used = sum(int(field) for field in stat.read().rpartition(")")[2].split()[11:13]) / ticks
            if listens and used >= seconds:
                break
            time.sleep(0.005)
    except OSError:  # no /proc here, or the process has just ended
        time.sleep(seconds + 0.5)
    process.send_signal(signal.SIGINT)


def on_terminal(arguments, env=None, keys=None, standard_output=False):
    """Run with standard error (and output, when asked) on a terminal; gives exit code, what it showed, and the plain output."""
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE")}
    environment.update({"TERM": "xterm", **(env or {})})
    process = subprocess.Popen([QUERN, *arguments], stdin=subprocess.DEVNULL, stderr=slave,
                               stdout=slave if standard_output else subprocess.PIPE, env=environment)
    os.close(slave)
    shown, deadline = b"", time.time() + 240 * PATIENCE
    streams = [master] + ([] if standard_output else [process.stdout.fileno()])
    out = b""
    while streams and time.time() < deadline:
        for stream in select.select(streams, [], [], 0.5)[0]:
            try:
                data = os.read(stream, 65536)
            except OSError:
                data = b""
            if not data:
                streams.remove(stream)
            elif stream == master:
                shown += data
                if keys is not None and shown:
                    keys(process)
                    keys = None
            else:
                out += data
    code = process.wait(timeout=120 * PATIENCE)
    os.close(master)
    return code, shown.decode("utf-8", "replace"), out.decode("utf-8", "replace")


def main(checks):
    """Run the checks of the groups named on the command line: the functions whose names begin with GROUP_. 77: all were skipped."""
    failures = made = 0
    for group in sys.argv[3:]:
        named = [(n, f) for n, f in sorted(checks.items()) if n.startswith(group + "_") and callable(f)]
        if not named:
            print("no checks in group " + group)
            failures += 1
        for name, check in named:
            started = time.time()
            try:
                with tempfile.TemporaryDirectory(prefix="quern-cli-") as folder:
                    check(folder)
                made += 1
                print("ok      %s (%.2f s)" % (name, time.time() - started))
            except Skip as reason:
                print("skipped %s: %s" % (name, reason))
            except Exception:
                failures += 1
                print("FAILED  " + name)
                traceback.print_exc(file=sys.stdout)
    return 1 if failures else 0 if made else 77


def skip(reason):
    raise Skip(reason)
