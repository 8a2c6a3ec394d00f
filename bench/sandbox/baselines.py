"""Today's ways to run a program apart from the others, written anew with the libraries that the originals use.

`baselines.py WAY SECONDS` runs the program of `PROGRAM` as often as it can and prints how often a second.
"""

import contextlib
import io
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import pebble  # type: ignore[import-not-found]

PROGRAM = """
def f(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
"""
CALL = "f(['a', 'b', 'a', 'c', 'b', 'a'])"
EXPECTED = [("a", 3), ("b", 2), ("c", 1)]
WITH_PRINT = f"{PROGRAM}\nprint(repr({CALL}))\n"
MEMORY = 4 << 30


def _guard() -> None:
    """What guards that bar nothing do: limits, and names taken away."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for module, names in (
        (os, ("kill", "system", "putenv", "remove", "removedirs", "rmdir", "fchdir", "setuid", "fork")),
        (subprocess, ("Popen",)),
    ):
        for name in names:
            setattr(module, name, None)


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: object) -> None:
        raise TimeoutError

    signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.signal(signal.SIGALRM, stop)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _checked() -> bool:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()), _time_limit(3):
        exec(PROGRAM, names)
        return bool(eval(CALL, names) == EXPECTED)


def _manager_child(results: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # Taken before the guard, for the folder has to be removed again.
        kept = {name: getattr(os, name) for name in ("rmdir", "remove", "unlink")}
        _guard()
        results.append("passed" if _checked() else "failed")
        for name, function in kept.items():
            setattr(os, name, function)
        os.chdir("/")


def manager() -> None:
    """A manager and a process for each program: HumanEval, verl."""
    with multiprocessing.Manager() as shared:
        results = shared.list()
        process = multiprocessing.Process(target=_manager_child, args=(results,))
        process.start()
        process.join(timeout=4)
        if list(results) != ["passed"]:
            raise RuntimeError("The program was not run.")


def _value_child(passed: Any) -> None:
    _guard()
    passed.value = _checked()


def value() -> None:
    """A process for each program that writes into shared memory: EvalPlus."""
    passed = multiprocessing.Value("b", 0)
    process = multiprocessing.Process(target=_value_child, args=(passed,))
    process.start()
    process.join(timeout=4)
    if not passed.value:
        raise RuntimeError("The program was not run.")


def pool() -> Callable[[], None]:
    """A pool whose processes are used again, which keeps nothing apart: Absolute Zero."""
    workers = pebble.ProcessPool(max_workers=1)

    def run() -> None:
        if not workers.schedule(_checked, timeout=10).result():
            raise RuntimeError("The program was not run.")

    return run


def _printed(command: list[str]) -> None:
    done = subprocess.run(command, input=WITH_PRINT.encode(), capture_output=True, timeout=10, check=True)
    if done.stdout.decode().strip() != repr(EXPECTED):
        raise RuntimeError("The program was not run.")


def interpreter() -> None:
    """A new interpreter for each program: SandboxFusion without isolation."""
    _printed([sys.executable, "-I", "-S", "-"])


def bubblewrap() -> None:
    """A new interpreter in namespaces of its own for each program."""
    bars = "bwrap --unshare-all --die-with-parent --new-session --clearenv --ro-bind / / --"
    _printed([*bars.split(), sys.executable, "-I", "-S", "-"])


def main() -> None:
    """Measures one way."""
    way, seconds = sys.argv[1], float(sys.argv[2])
    multiprocessing.set_start_method("fork")
    ways: dict[str, Callable[[], None]] = {
        "manager": manager,
        "value": value,
        "interpreter": interpreter,
        "bubblewrap": bubblewrap,
    }
    run = pool() if way == "pool" else ways[way]
    run()
    begun = time.perf_counter()
    count = 0
    while time.perf_counter() - begun < seconds:
        run()
        count += 1
    sys.stdout.write(f"{count / (time.perf_counter() - begun):.1f}\n")
    sys.stdout.flush()
    os._exit(0)


main()
