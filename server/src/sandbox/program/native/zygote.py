"""Runs each program in a copy of itself: started once inside of bubblewrap, warmed up, then forked for each program.

The copy reads its program, gives up what it could still do (limits, system calls), runs it, and writes one result to a
pipe. Programs, calls and results never enter the memory of this process, of which every later copy has a copy: the copy
reads its request by itself, and its result goes on from pipe to pipe. So a program finds nothing of an earlier one.

A request on standard input is a header (`REQUEST`) with the program, the entry and the call in canonical form behind it.
An answer on standard output is a header (`ANSWER`) with the result behind it.
"""

import ctypes
import fcntl
import gc
import importlib
import os
import resource
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import harness

# number, cpu ms, wall ms, memory MiB, mode, lengths of program, entry and call
REQUEST = struct.Struct("<IIIIBIII")
# length of the result, number, how it ended, processor time in microseconds, detail
ANSWER = struct.Struct("<IIcII")

READY, FRAME, CPU, WALL, OUTPUT, ENDED = b"R", b"f", b"c", b"w", b"o", b"e"
MODES = ("once", "twice", "trace", "cover")

# Descriptors: what reads nothing and prints to nowhere, as it comes; where requests and answers are moved to.
NULL, REQUESTS, ANSWERS = 3, 10, 11
# As much as a pipe holds; results of the harness are a quarter of it.
MAX_RESULT = 1 << 16
MIB = 1 << 20
# What the interpreter itself needs of the two counts of memory that Linux can bound.
OWN_DATA = 48 * MIB
OWN_SPACE = 512 * MIB
OPEN_FILES = 16
# The exit status of a copy that could not give its rights up.
UNPROTECTED = 99
# The exit status of this process where it no longer knows what comes next.
UNREAD = 98
WARM_UPS = 100
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2

_libc = ctypes.PyDLL(None)
_libc.prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong)
# Taken before the clock is moved.
_monotonic = time.monotonic
_clock_gettime = time.clock_gettime


class Request(NamedTuple):
    """One run, but for its program, entry and call, of which it has the lengths in bytes."""

    number: int
    cpu_ms: int
    wall_ms: int
    memory_mb: int
    mode: int
    program: int
    entry: int
    call: int


class Ending(NamedTuple):
    """How a run ended: `size` bytes of result wait in its pipe; `detail` is the signal, or 256 and the exit status."""

    kind: bytes
    size: int
    cpu_us: int
    detail: int


class _Filter(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def serve(seccomp: bytes, burnt: int, scattered: int, heads: int) -> None:
    """Answers requests until standard input ends. Called with the clock moved and the library loaded."""
    held = ctypes.create_string_buffer(seccomp, len(seccomp))
    program = _Filter(len(seccomp) // 8, ctypes.addressof(held))
    filter_at = ctypes.addressof(program)
    for name, value in (
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))
    os.nice(10)
    os.dup2(0, REQUESTS)
    os.dup2(1, ANSWERS)
    for descriptor in range(3):
        os.dup2(NULL, descriptor)
    for _ in range(WARM_UPS):
        harness.run(
            "import math\n\ndef f(x):\n    return [str(x), {x: math.sqrt(x)}]\n", "f", b"(i1;)", "once"
        )
    # Numbers of processes differ between images, as everything does that a program should not depend on.
    for _ in range(burnt):
        pid = _libc.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    gc.collect()
    if scattered:
        harness.scatter(scattered)
    harness.toss(heads)
    gc.freeze()
    version = ".".join(map(str, sys.version_info[:3])).encode()
    _write(ANSWER.pack(len(version), 0, READY, 0, 0) + version)
    while True:
        header = _read(REQUEST.size)
        if header is None:
            return
        _serve(Request(*REQUEST.unpack(header)), filter_at)


def _read(size: int) -> bytes | None:
    parts: list[bytes] = []
    missing = size
    while missing > 0:
        part = os.read(REQUESTS, missing)
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(ANSWERS, data) :]


def _waiting(descriptor: int) -> int:
    """How many bytes wait in a pipe."""
    (size,) = struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)))
    return int(size)


def _serve(request: Request, filter_at: int) -> None:
    # Set here, where it costs nothing: each page that the copy touches is copied. It may not change them.
    memory = request.memory_mb * MIB
    hard = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_DATA, (OWN_DATA + memory, hard))
    resource.setrlimit(resource.RLIMIT_AS, (OWN_SPACE + memory, hard))
    reading, writing = os.pipe()
    # Not `os.fork`: what Python does around it for threads, which there are none of, takes longer than the fork.
    pid = _libc.fork()
    if pid == 0:
        try:
            os.close(reading)
            _run(request, filter_at, writing)
        finally:
            os._exit(1)
    os.close(writing)
    ending = _wait(request, pid, reading)
    if _waiting(REQUESTS) > 0:
        # It died before it had read its request: what comes next could not be told from the rest of it.
        os._exit(UNREAD)
    _write(ANSWER.pack(ending.size, request.number, ending.kind, ending.cpu_us, ending.detail))
    left = ending.size
    while left > 0:
        left -= os.splice(reading, ANSWERS, left)
    os.close(reading)


def _wait(request: Request, pid: int, reading: int) -> Ending:
    """Waits until a run ends, or has to be ended."""
    process = os.pidfd_open(pid)
    poller = select.poll()
    poller.register(process, select.POLLIN)
    begun = _monotonic()
    clock = ~pid << 3 | 2
    kind = FRAME
    wait = min(request.cpu_ms, request.wall_ms)
    while not poller.poll(wait):
        elapsed = (_monotonic() - begun) * 1000
        spent = _clock_gettime(clock) * 1000
        if spent >= request.cpu_ms:
            kind = CPU
            break
        if elapsed >= request.wall_ms:
            kind = WALL
            break
        wait = max(1, int(min(request.cpu_ms - spent, request.wall_ms - elapsed)))
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    os.close(process)
    cpu_us = int((usage.ru_utime + usage.ru_stime) * 1e6)
    if kind != FRAME:
        return Ending(kind, 0, cpu_us, 0)
    size = _waiting(reading)
    if size == 0:
        died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 256 + os.WEXITSTATUS(status)
        return Ending(ENDED, 0, cpu_us, died)
    return Ending(FRAME, size, cpu_us, 0) if size < MAX_RESULT else Ending(OUTPUT, 0, cpu_us, 0)


def _run(request: Request, filter_at: int, result: int) -> None:
    """In the copy: gives up everything but `result`, runs the program, writes what came of it, leaves."""
    program, entry, call = (_read(size) or b"" for size in (request.program, request.entry, request.call))
    os.closerange(result + 1, OPEN_FILES)
    # bubblewrap has seen to it already that rights can only be lost.
    if _libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_at, 0, 0) != 0:
        os._exit(UNPROTECTED)
    write, leave, memory_error = os.write, os._exit, MemoryError
    try:
        frame = harness.run(
            program.decode("utf-8", "surrogatepass"), entry.decode(), call, MODES[request.mode]
        )
    except memory_error:
        frame = b"lmemory"
    while frame:
        frame = frame[write(result, frame) :]
    leave(0)


def skew_clock(offset: float, rate: float) -> None:
    """Moves what Python calls the time by `offset` seconds; from a program's first look on it runs `rate` times as fast.

    Before anything else is imported: most modules take the time from here.
    """
    if offset == 0:
        return
    real: Any = ModuleType("time")
    vars(real).update(vars(time))
    begun: list[float] = []

    def hurried(moment: float, read: Callable[[], float]) -> float:
        if not begun:
            begun.append(real.monotonic())
        return float(moment + (real.monotonic() - begun[0]) * (rate - 1) + read())

    def now() -> float:
        return hurried(offset, real.time)

    def running(read: Callable[[], float]) -> Callable[[], float]:
        # What only ever grows has never been before its beginning.
        return lambda: hurried(abs(offset), read)

    def used(read: Callable[[], float]) -> Callable[[], float]:
        return lambda: read() * rate + abs(offset) % 7

    def whole(read: Callable[[], float]) -> Callable[[], int]:
        return lambda: int(read() * 1e9)

    def by_clock(identifier: int) -> float:
        if identifier == real.CLOCK_REALTIME:
            return now()
        return hurried(abs(offset), lambda: float(real.clock_gettime(identifier)))

    def moved(name: str) -> Callable[..., Any]:
        function = getattr(real, name)
        return lambda moment=None, /: function(now() if moment is None else moment)

    clocks = {
        "time": now,
        "monotonic": running(real.monotonic),
        "perf_counter": running(real.perf_counter),
        "process_time": used(real.process_time),
        "thread_time": used(real.thread_time),
    }
    changed: dict[str, Callable[..., Any]] = {
        **clocks,
        **{f"{name}_ns": whole(clock) for name, clock in clocks.items()},
        "clock_gettime": by_clock,
        "clock_gettime_ns": lambda identifier, /: int(by_clock(identifier) * 1e9),
        "gmtime": moved("gmtime"),
        "localtime": moved("localtime"),
        "ctime": moved("ctime"),
        "asctime": lambda moment=None, /: real.asctime(real.localtime(now()) if moment is None else moment),
        "strftime": lambda form, moment=None, /: real.strftime(
            form, real.localtime(now()) if moment is None else moment
        ),
    }
    vars(time).update(changed)
    _skew_datetime(now)


def _skew_datetime(now: Callable[[], float]) -> None:
    """Gives `datetime`, which asks the system itself, our time. Its `today` asks `time` already."""
    kind: Any = importlib.import_module("datetime").datetime
    # The type is written in C, so only its own table can be changed.
    (table,) = gc.get_referents(vars(kind))
    table["now"] = classmethod(lambda cls, tz=None: cls.fromtimestamp(now(), tz))
    table["utcnow"] = classmethod(lambda cls: cls.utcfromtimestamp(now()))
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
