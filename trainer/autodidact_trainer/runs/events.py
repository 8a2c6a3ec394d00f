"""What happened in a run, to be read on from any place."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from autodidact_trainer.api_records import ExportedEvent, RescoredEvent, RoundEvent, StepEvent

    Event = RoundEvent | StepEvent | ExportedEvent | RescoredEvent

_log = logging.getLogger(__name__)

MOST_BYTES = 8 * 1024 * 1024
"""Of events that are kept in memory, and of the file that are read at the start. Older ones are not sent again."""
HEARTBEAT = 15.0
"""Seconds without an event after which a comment is sent, so that either side learns of a broken connection."""


class EventLog:
    """Events of one run, with ids from 1. Any thread may add one; each is a line of a file, so that ids go on after a restart.

    They tell what happened and decide nothing, so a file that cannot be written to loses events, not rounds.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._kept: deque[tuple[int, str]] = deque()
        self._bytes = 0
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._closed = False
        self.last = 0
        for line in self._tail():
            self._keep(*line)

    def add(self, event: Event) -> None:
        """Adds an event and wakes who follows."""
        data = event.model_dump_json(by_alias=True)
        with self._lock:
            number = self.last + 1
            self._keep(number, data)
            try:
                with self._path.open("ab") as file:
                    file.write(json.dumps({"id": number, "data": data}).encode() + b"\n")
            except OSError:
                _log.exception("an event was not written down")
        self._wake()

    def close(self) -> None:
        """Ends what follows."""
        self._closed = True
        self._wake()

    def behind(self, last: int) -> list[tuple[int, str]]:
        """Events after an id that are still kept."""
        with self._lock:
            return [(number, data) for number, data in self._kept if number > last]

    async def follow(self, last: int) -> AsyncIterator[str]:
        """Events after an id as server-sent events, until `close` is called."""
        woken = asyncio.Event()
        waiting = (asyncio.get_running_loop(), woken)
        self._waiting.add(waiting)
        try:
            while not self._closed:
                woken.clear()
                for number, data in self.behind(last):
                    last = number
                    yield f"id: {number}\ndata: {data}\n\n"
                try:
                    await asyncio.wait_for(woken.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ": waiting\n\n"
        finally:
            self._waiting.discard(waiting)

    def _wake(self) -> None:
        for loop, woken in list(self._waiting):
            if not loop.is_closed():
                loop.call_soon_threadsafe(woken.set)

    def _keep(self, number: int, data: str) -> None:
        self.last = number
        self._kept.append((number, data))
        self._bytes += len(data)
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            self._bytes -= len(self._kept.popleft()[1])

    def _tail(self) -> list[tuple[int, str]]:
        """The last lines of the file. One that was cut off by a kill is taken away, so that the next begins on its own."""
        if not self._path.is_file():
            return []
        with self._path.open("rb+") as file:
            size = file.seek(0, 2)
            begin = max(0, size - MOST_BYTES)
            file.seek(begin)
            content = file.read()
            whole = content.rfind(b"\n") + 1
            file.truncate(begin + whole)
        lines = content[:whole].splitlines()[1 if begin else 0 :]
        try:
            found = [json.loads(line) for line in lines]
            return [(int(one["id"]), str(one["data"])) for one in found]
        except (ValueError, KeyError, TypeError):
            _log.warning("%s is damaged: its events are not told again", self._path)
            return []
