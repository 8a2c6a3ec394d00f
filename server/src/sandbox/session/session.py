"""A Python session: runs pieces of code one after another, as an interactive interpreter does, and tells what each printed.

It is given to the sandbox as a program, with the pieces as values: what they do to it they do to their own result only.
"""

import io
import sys
from types import ModuleType
from typing import Any


class _Printed(io.StringIO):
    """Takes all that is printed, and keeps the first `most` characters and one more, which tells that there were more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, text: str, /) -> int:
        super().write(text[: max(0, self._most + 1 - self.tell())])
        return len(text)


def session(program: str, pieces: list[str], most: int) -> list[tuple[str, str | None]]:
    """Runs `program`, then each piece; gives for each what it printed, and the last line of a traceback where it raised."""
    # As the harness names what it runs: the program finds itself where it is judged.
    module = ModuleType("program")
    sys.modules["program"] = module
    scope: dict[str, Any] = vars(module)
    exec(compile(program, "<program>", "exec", dont_inherit=True), scope)
    return [_ran(piece, scope, most) for piece in pieces]


def _ran(piece: str, scope: dict[str, Any], most: int) -> tuple[str, str | None]:
    printed = _Printed(most)
    # Anew for each: an earlier piece may have put something else there.
    vars(sys).update(stdout=printed, stderr=_Printed(0), displayhook=sys.__displayhook__)
    error = None
    try:
        exec(compile(piece, "<stdin>", "single", dont_inherit=True), scope)
    except BaseException as raised:  # noqa: BLE001 - whatever a piece raises is shown
        error = _last_line(raised)[: most + 1]
    return _plain(printed.getvalue()), None if error is None else _plain(error)


def _plain(text: str) -> str:
    """Halves of characters, which cannot be printed, as `repr` writes them."""
    return text.encode("utf-8", "backslashreplace").decode()


def _last_line(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
