"""Runs one test file of a workspace and writes down the calls of the workspace's own functions whose arguments are values.

Shown to the sandbox of workspaces as the module ``recorder``. One JSON object a line goes into the file that the environment
calls ``AUTODIDACT_RESULT``: where the function stands, its arguments as Python literals, for a method also those with which its
object was made. Nothing that is written is believed by who reads it.
"""

import importlib.util
import inspect
import json
import os
import sys
import threading
import unittest
import weakref
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

MOST_CALLS = 60
"""Calls of one function that are written down, no two alike."""
MOST_SEEN = 5_000
"""Calls of one function that are looked at."""
MOST_TEXT = 2_000
"""Characters of one call."""
MOST_DEPTH = 12
MOST_BYTES = 12 * 2**20

PYTEST_BROKEN = (2, 3, 4)
"""Codes with which pytest ends where it could not run a file."""

Arguments = tuple[list[str], dict[str, str]]


class NotAValueError(Exception):
    """Of an argument that is no literal."""


def literal(value: object, depth: int = 0) -> str:
    """The Python literal of a value of exactly the built-in types; raises where it has none."""
    kind = type(value)
    if value is None or kind in (bool, int, str, bytes):
        if kind in (str, bytes) and len(value) > MOST_TEXT:  # type: ignore[arg-type]
            raise NotAValueError
        return repr(value)
    if kind in (float, complex):
        text = repr(value)
        if "n" in text and text not in ("inf", "-inf"):
            raise NotAValueError
        return f"float({text!r})" if "n" in text else text
    if depth == MOST_DEPTH or kind not in (list, tuple, dict, set, frozenset):
        raise NotAValueError
    if len(value) > MOST_TEXT // 2:  # type: ignore[arg-type]
        raise NotAValueError
    if kind is dict:
        pairs = [(literal(key, depth + 1), literal(each, depth + 1)) for key, each in value.items()]  # type: ignore[attr-defined]
        return "{" + ", ".join(f"{key}: {each}" for key, each in pairs) + "}"
    items = [literal(each, depth + 1) for each in value]  # type: ignore[attr-defined]
    if kind is list:
        return "[" + ", ".join(items) + "]"
    if kind is tuple:
        return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
    if kind is set:
        return "{" + ", ".join(sorted(items)) + "}" if items else "set()"
    return "frozenset({" + ", ".join(sorted(items)) + "})" if items else "frozenset()"


class Recorder:
    """Takes the starts of functions and writes down their calls."""

    def __init__(self, root: str, result: str) -> None:
        self.root = root
        self.out = os.open(result, os.O_WRONLY | os.O_APPEND)
        self.written = 0
        self.known: dict[CodeType, set[str]] = {}
        self.seen: dict[CodeType, int] = {}
        self.made: dict[int, tuple[str, Arguments | None]] = {}
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
            self.write(code, frame)
        except NotAValueError:
            pass
        finally:
            self.busy.now = False

    def write(self, code: CodeType, frame: FrameType) -> None:
        """Writes a call down, unless it is known or no value."""
        self.seen[code] = self.seen.get(code, 0) + 1
        names = code.co_varnames
        values = frame.f_locals
        is_method = code.co_argcount > 0 and names[0] == "self"
        maker: tuple[str, Arguments | None] | None = None
        if is_method:
            owner = values["self"]
            if code.co_name == "__init__":
                self.remember(owner, code, frame)
            maker = self.made.get(id(owner))
            if maker is None and type(owner).__init__ is not object.__init__:
                raise NotAValueError
            if maker is None:
                maker = (type(owner).__qualname__, ([], {}))
            if maker[1] is None:
                raise NotAValueError
        args, keywords = self.arguments(code, values, 1 if is_method else 0)
        if not args and not keywords and not (maker and maker[1] and maker[1][0]):
            return
        record: dict[str, Any] = {
            "file": code.co_filename[len(self.root) :].replace(os.sep, "/"),
            "line": code.co_firstlineno,
            "name": code.co_name,
            "args": args,
            "keywords": keywords,
        }
        if maker is not None and maker[1] is not None:
            record["made"] = {"class": maker[0], "args": maker[1][0], "keywords": maker[1][1]}
        text = json.dumps(record)
        known = self.known.setdefault(code, set())
        if len(text) > 2 * MOST_TEXT or text in known or len(known) >= MOST_CALLS:
            return
        known.add(text)
        line = f"{text}\n".encode()
        self.written += len(line)
        if self.written <= MOST_BYTES:
            os.write(self.out, line)

    def remember(self, owner: object, code: CodeType, frame: FrameType) -> None:
        """Keeps the arguments that an object is made with for as long as it lives; the outermost maker's count."""
        key = id(owner)
        if key in self.made:
            return
        try:
            weakref.finalize(owner, self.made.pop, key, None).atexit = False
        except TypeError:
            return
        made: Arguments | None
        try:
            made = self.arguments(code, frame.f_locals, 1)
        except NotAValueError:
            made = None
        self.made[key] = (type(owner).__qualname__, made)

    @staticmethod
    def arguments(code: CodeType, values: dict[str, Any], first: int) -> Arguments:
        """What a function was called with: by position, and by name only."""
        names = code.co_varnames
        count = code.co_argcount
        only = names[count : count + code.co_kwonlyargcount]
        after = count + code.co_kwonlyargcount
        args = [literal(values[name]) for name in names[first:count]]
        if code.co_flags & inspect.CO_VARARGS:
            args += [literal(each) for each in values[names[after]]]
            after += 1
        if code.co_flags & inspect.CO_VARKEYWORDS and values[names[after]]:
            raise NotAValueError
        return args, {name: literal(values[name]) for name in only}


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
