"""Runs one test file of a workspace and writes down the calls of the workspace's own functions whose arguments can be written.

Shown to the sandbox of workspaces as the module ``recorder``. One JSON object a line goes into the file that the environment
calls ``AUTODIDACT_RESULT``: where the function stands, its arguments, for a method also how its object was made. An argument is a
Python literal, or an object of a class of the workspace with what that was made of. Nothing that is written is believed by who
reads it.
"""

import contextlib
import importlib.util
import inspect
import json
import os
import sys
import threading
import unittest
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from makings import Argument, Makings, NotAValueError

MOST_CALLS = 60
"""Calls of one function that are written down, no two alike."""
MOST_SEEN = 5_000
"""Calls of one function that are looked at."""
MOST_CALL_TEXT = 4_000
"""Characters of one call."""
MOST_BYTES = 12 * 2**20

PYTEST_BROKEN = (2, 3, 4)
"""Codes with which pytest ends where it could not run a file."""


class Recorder:
    """Takes the starts of functions and writes down their calls."""

    def __init__(self, root: str, result: str) -> None:
        self.root = root
        self.out = os.open(result, os.O_WRONLY | os.O_APPEND)
        self.written = 0
        self.known: dict[CodeType, set[str]] = {}
        self.seen: dict[CodeType, int] = {}
        self.makings = Makings(root)
        self.busy = threading.local()

    def is_own(self, code: CodeType) -> bool:
        """Whether code is a function of the workspace that can be called by its name."""
        return (
            code.co_filename.startswith(self.root)
            and code.co_flags & inspect.CO_OPTIMIZED != 0
            and not code.co_name.startswith("<")
        )

    def is_done(self, code: CodeType) -> bool:
        """Whether enough is known of a function. Objects' makers are asked to the end."""
        if self.written > MOST_BYTES:
            return True
        if code.co_name == "__init__":
            return False
        return len(self.known.get(code, ())) >= MOST_CALLS or self.seen.get(code, 0) >= MOST_SEEN

    def start(self, code: CodeType, frame: FrameType) -> None:
        """A function begins: its arguments are still as they were given."""
        if getattr(self.busy, "now", False):
            return
        self.busy.now = True
        try:
            # What classes of the workspace answer when they are asked may be anything; their own run goes on.
            with contextlib.suppress(Exception):
                self.write(code, frame)
        finally:
            self.busy.now = False

    def write(self, code: CodeType, frame: FrameType) -> None:
        """Writes a call down, unless it is known or no value."""
        self.seen[code] = self.seen.get(code, 0) + 1
        names = code.co_varnames
        values = frame.f_locals
        is_method = code.co_argcount > 0 and names[0] == "self"
        made: dict[str, Any] | None = None
        if is_method:
            owner = values["self"]
            if code.co_name == "__init__":
                self.makings.remember(owner, code, frame)
            made = self.makings.how_made(owner)
        args, keywords = self.arguments(code, values, 1 if is_method else 0)
        if not args and not keywords and not (made and made["args"]):
            return
        record: dict[str, Any] = {
            "file": code.co_filename[len(self.root) :].replace(os.sep, "/"),
            "line": code.co_firstlineno,
            "name": code.co_name,
            "args": args,
            "keywords": keywords,
        }
        if made is not None:
            record["made"] = made
        text = json.dumps(record)
        known = self.known.setdefault(code, set())
        if len(text) > MOST_CALL_TEXT or text in known or len(known) >= MOST_CALLS:
            return
        known.add(text)
        line = f"{text}\n".encode()
        self.written += len(line)
        if self.written <= MOST_BYTES:
            os.write(self.out, line)

    def arguments(
        self, code: CodeType, values: dict[str, Any], first: int
    ) -> tuple[list[Argument], dict[str, Argument]]:
        """What a function was called with: by position, and by name only."""
        written = self.makings.argument
        names = code.co_varnames
        count = code.co_argcount
        only = names[count : count + code.co_kwonlyargcount]
        after = count + code.co_kwonlyargcount
        args = [written(values[name]) for name in names[first:count]]
        if code.co_flags & inspect.CO_VARARGS:
            args += [written(each) for each in values[names[after]]]
            after += 1
        if code.co_flags & inspect.CO_VARKEYWORDS and values[names[after]]:
            raise NotAValueError
        return args, {name: written(values[name]) for name in only}


def watch(recorder: Recorder) -> None:
    """Has the interpreter tell of each function that starts, by the cheapest means that it has."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:

        def started(code: CodeType, _: int) -> object:
            if not recorder.is_own(code) or recorder.is_done(code):
                return monitoring.DISABLE
            frame = inspect.currentframe()
            if frame is not None and frame.f_back is not None:
                recorder.start(code, frame.f_back)
            return None

        monitoring.use_tool_id(monitoring.PROFILER_ID, "autodidact")
        monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.PY_START, started)
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.PY_START)
        return

    others: set[CodeType] = set()

    def profile(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or code in others:
            return
        if not recorder.is_own(code) or recorder.is_done(code):
            others.add(code)
            return
        # Of a generator, each time that it goes on: its arguments are looked at again.
        recorder.start(code, frame)

    threading.setprofile(profile)
    sys.setprofile(profile)


def run(file: str) -> None:
    """Runs a test file as its project would: by pytest where that is installed, else by unittest."""
    if importlib.util.find_spec("pytest") is None:
        path = Path(file)
        top = path.parent
        while (top / "__init__.py").exists():
            top = top.parent
        found = unittest.defaultTestLoader.discover(str(path.parent), path.name, str(top))
        unittest.TextTestRunner(verbosity=0).run(found)
        return
    # Options that the project sets may name plugins that are not there.
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=",
        "-o",
        "filterwarnings=",
        "--no-header",
        "--tb=line",
    ]
    code = int(importlib.import_module("pytest").main([file, *options]))
    # Tests that fail have called what they call; a file that cannot be read has not.
    sys.exit(code if code in PYTEST_BROKEN else 0)


def main(file: str) -> None:
    """Records the calls that one test file makes. The path is within the folder that this stands in."""
    root = Path.cwd()
    sys.path[:0] = [str(place) for place in (root, root / "src", root / "lib") if place.is_dir()]
    result = os.environ.pop("AUTODIDACT_RESULT")
    watch(Recorder(f"{root}{os.sep}", result))
    run(file)
