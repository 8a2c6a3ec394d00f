"""A trainer that really runs: a process of its own, spoken to over its socket."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "0123456789abcdef-of-a-test"
FOLDER = Path(__file__).parent.parent


class Trainer:
    """A client of one process."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
        )

    def post(self, kind: str, records: list[dict[str, Any]]) -> dict[str, Any]:
        """Sends records, all of which are to be taken."""
        body = b"".join(json.dumps(one).encode() + b"\n" for one in records)
        answer = self.client.post(f"/v1/{kind}", content=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        assert found["refused"] == []
        return found

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Puts something, which is to succeed."""
        answer = self.client.put(f"/v1/runs/{path}", json=body)
        assert answer.status_code in {200, 202}, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def problem(self, method: str, path: str, **given: Any) -> tuple[int, str]:
        """Asks for what is refused: status and reason."""
        answer = self.client.request(method, path, **given)
        return answer.status_code, answer.json()["reason"]

    def round(self, run: str, number: int, seconds: float = 60) -> dict[str, Any]:
        """Waits for a round to end."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            state: dict[str, Any] = self.client.get(f"/v1/runs/{run}/rounds/{number}").json()
            if state["state"] in {"done", "failed"}:
                return state
            time.sleep(0.02)
        raise AssertionError(f"round {number} is still {state}")

    def kill(self) -> None:
        """As if the power had gone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def command(folder: Path, *options: str, store: Path | None = None) -> list[str]:
    """How the trainer is started on a folder."""
    token = folder / "token"
    if not token.exists():
        token.parent.mkdir(parents=True, exist_ok=True)
        token.touch(mode=0o600)
        token.write_text(TOKEN + "\n")
    paths = ["--data", str(folder / "data"), "--ollama-models", str(store or folder / "ollama")]
    module = [sys.executable, "-m", "autodidact_trainer.service"]
    return [*module, *paths, "--token-file", str(token), "--float32", *options]


@contextmanager
def serving(folder: Path, *options: str, store: Path | None = None) -> Iterator[Trainer]:
    """A trainer on a folder, ended at the end unless it ended before."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen(
        command(folder, *options, store=store),
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line, "the trainer did not start"
        trainer = Trainer(process, json.loads(line)["port"])
        with trainer.client:
            yield trainer
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
