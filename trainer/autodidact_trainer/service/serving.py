"""The process: a folder of data that is its own, a socket, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from typing import IO, TYPE_CHECKING, NoReturn, cast

import uvicorn

from autodidact_trainer.runs.runs import Runs
from autodidact_trainer.service.app import make_app
from autodidact_trainer.service.guard import Guard
from autodidact_trainer.service.metrics import Metrics
from autodidact_trainer.store.ingest import Records

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from autodidact_trainer.runs.job import Learner

END_SECONDS = 5.0
"""How long a step may go on after the trainer was told to end. Its round begins again at the next start."""


class InUseError(Exception):
    """Another process has the folder."""


def lock_folder(folder: Path) -> IO[bytes]:
    """Takes a folder for this process, until it ends however it may. Raises `InUseError`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "lock").open("ab")
    try:
        if sys.platform == "win32":
            msvcrt = import_module("msvcrt")
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl = import_module("fcntl")
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise InUseError(f"{folder} is in use by another trainer.") from error
    return file


class TrainerServer(uvicorn.Server):
    """Says on a line of standard output when and where it listens, and ends what follows events before it waits for them."""

    def __init__(self, config: uvicorn.Config, runs: Runs) -> None:
        super().__init__(config)
        self._runs = runs
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        host, port = (sockets or [])[0].getsockname()[:2]
        sys.stdout.write(json.dumps({"service": "autodidact-trainer", "host": host, "port": port}) + "\n")
        sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal asks to end; a second one of the same kind insists."""
        super().handle_exit(sig, frame)
        self._runs.stop()

    def end(self) -> None:
        """Ends, from any thread."""
        self.should_exit = True
        self._runs.stop()


@dataclass(frozen=True)
class Options:
    """What a person chose. `models`: where Ollama keeps its models; `records`: a folder or a bucket's URL."""

    data: Path
    records: str
    models: Path
    token: str
    host: str
    port: int
    autocast: bool
    with_parent: bool


def serve(options: Options) -> NoReturn:
    """Serves until a signal, or the end of standard input where a parent was named, and ends the process.

    Raises `InUseError`, `OSError`.
    """
    lock = lock_folder(options.data)
    metrics = Metrics()

    def make_learner() -> Learner:
        # Torch and transformers take ten seconds to load, and who only sends records need not wait for them.
        module = import_module("autodidact_trainer.runs.learner")
        return cast("Learner", module.TorchLearner(options.models, autocast=options.autocast))

    stored = Records(options.records)
    runs = Runs(options.data / "runs", options.models, stored, make_learner, metrics.observe)
    app = Guard(make_app(stored, runs, metrics), options.token, metrics)
    listening = socket.create_server(
        (options.host, options.port),
        family=socket.AF_INET6 if ":" in options.host else socket.AF_INET,
        backlog=64,
    )
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        ws="none",
        lifespan="off",
        proxy_headers=False,
    )
    server = TrainerServer(config, runs)
    # uvicorn raises what it caught once more when it has ended, for a process that wants to die of it. Ours ends by itself.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    if options.with_parent:
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    runs.begin()
    server.run(sockets=[listening])
    runs.end(END_SECONDS)
    lock.close()
    logging.shutdown()
    # All that is to stay is on disk; a step cannot be interrupted, and taking torch apart would take seconds.
    os._exit(0)


def _end_with_parent(server: TrainerServer) -> None:
    """The parent holds the other end of standard input; when it is gone, whatever it died of, that is closed."""
    while sys.stdin.buffer.read(4096):
        pass
    server.end()
