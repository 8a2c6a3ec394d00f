"""Who may ask, and how often it was asked."""

from __future__ import annotations

import hmac
import os
import stat
import sys
from typing import TYPE_CHECKING

from autodidact_trainer.problems import ProblemError
from autodidact_trainer.service.answers import problem_answer

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from autodidact_trainer.service.metrics import Metrics

SHORTEST_TOKEN = 16
OPEN = "/v1/health"
"""The one path that asks for no token."""


class TokenFileError(Exception):
    """The file of the token cannot be used; the message says why, and what to do."""


def read_token(path: Path) -> str:
    """The token in a file that only its owner can read. Raises `TokenFileError`."""
    try:
        with path.open("rb") as file:
            if sys.platform != "win32":
                status = os.fstat(file.fileno())
                if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077:
                    raise TokenFileError(f"{path} can be read by others. Set its mode to 600.")
            token = file.read(4096).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TokenFileError(f"{path} cannot be read as a token: {error}") from error
    if len(token) < SHORTEST_TOKEN or any(letter.isspace() for letter in token):
        raise TokenFileError(
            f"{path} holds no token: one word of {SHORTEST_TOKEN} letters at least is expected."
        )
    return token


class Guard:
    """ASGI: lets through who has the token, before anything of a body is read, and counts answers."""

    def __init__(self, app: ASGIApp, token: str, metrics: Metrics) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode("ascii")
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "other")
                self._metrics.requested(scope["method"], route, message["status"])
            await send(message)

        if scope["path"] != OPEN and not self._knows(scope):
            problem = ProblemError(
                "unauthorised", "Send the token of the token file: Authorization: Bearer …"
            )
            await problem_answer(problem)(scope, receive, count)
            return
        await self._app(scope, receive, count)

    def _knows(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        return len(given) == 1 and hmac.compare_digest(given[0], self._expected)
