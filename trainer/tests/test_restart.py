"""What a trainer that was killed goes on with."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
from serving import FOLDER, TOKEN, command, serving
from test_rounds import group, line, round_of, run_of
from tiny_store import tiny_store

if TYPE_CHECKING:
    from pathlib import Path

    from serving import Trainer


class _Sender:
    """Sends groups one after another until it is stopped, and notes which were acknowledged, as an outbox does."""

    def __init__(self, trainer: Trainer) -> None:
        self.sent: list[dict[str, Any]] = []
        self.acknowledged: list[dict[str, Any]] = []
        self._trainer = trainer
        self.thread = threading.Thread(target=self._send)
        self.thread.start()

    def _send(self) -> None:
        address = f"http://127.0.0.1:{self._trainer.port}/v1/groups"
        with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            for nth in range(10_000):
                groups = [group(f"{nth}-{one}", "0" * 64) for one in range(3)]
                self.sent += groups
                try:
                    answer = client.post(address, content=line(*groups))
                except httpx.HTTPError:
                    return
                assert answer.json()["stored"] == 3
                self.acknowledged += groups


def test_a_kill_loses_nothing_that_was_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as trainer:
        sender = _Sender(trainer)
        until = time.monotonic() + 30
        while len(sender.acknowledged) < 60 and time.monotonic() < until:
            time.sleep(0.01)
        trainer.kill()
        sender.thread.join()
    assert len(sender.acknowledged) >= 60
    with serving(tmp_path) as trainer:
        acknowledged = trainer.client.post("/v1/groups", content=line(*sender.acknowledged)).json()
        assert acknowledged == {"stored": 0, "known": len(sender.acknowledged), "refused": []}
        # What was under way when it was killed is stored as a whole, or not at all.
        rest = trainer.client.post("/v1/groups", content=line(*sender.sent)).json()
        assert rest["known"] + rest["stored"] == len(sender.sent)
        assert rest["stored"] in {0, 3}
        assert trainer.client.post("/v1/groups", content=line(*sender.sent)).json()["stored"] == 0


def test_a_round_that_was_killed_begins_again_and_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    digest = tiny_store(tmp_path / "ollama")
    names = [f"g{nth}" for nth in range(20)]
    first = round_of("g0", "g1", recordsPerStep=1)
    second = round_of(*names, recordsPerStep=1, epochs=20)
    with serving(tmp_path) as trainer:
        trainer.post("groups", [group(name, digest) for name in names])
        trainer.put("killed", run_of("killed", digest))
        trainer.put("killed/rounds/1", first)
        trainer.round("killed", 1)
        trainer.put("killed/rounds/1/published", {"digest": digest, "type": "f32"})
        trainer.put("killed/rounds/2", second)
        until = time.monotonic() + 60
        state: dict[str, Any] = {"steps": []}
        while len(state["steps"]) < 5 and time.monotonic() < until:
            state = trainer.client.get("/v1/runs/killed/rounds/2").json()
        assert state["state"] == "training"
        trainer.kill()
    assert not (tmp_path / "data/runs/killed/rounds/2/checkpoint").exists()
    with serving(tmp_path) as trainer:
        resumed = trainer.round("killed", 2, seconds=120)
        # The same run without a kill, in another process than the killed one's round 1.
        trainer.put("whole", run_of("whole", digest))
        trainer.put("whole/rounds/1", first)
        assert trainer.round("whole", 1)["weights"] == trainer.round("killed", 1)["weights"]
        trainer.put("whole/rounds/1/published", {"digest": digest, "type": "f32"})
        trainer.put("whole/rounds/2", second)
        whole = trainer.round("whole", 2, seconds=120)
        assert resumed["state"] == whole["state"] == "done"
        assert resumed["weights"] == whole["weights"]
        assert [one["loss"] for one in resumed["steps"]] == [one["loss"] for one in whole["steps"]]
        _check_damage(trainer, tmp_path, digest)


def _check_damage(trainer: Trainer, folder: Path, digest: str) -> None:
    """A checkpoint that is not what was written is said, and never loaded."""
    weights = folder / "data/runs/killed/rounds/2/checkpoint/weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    trainer.put("killed/rounds/2/published", {"digest": digest, "type": "f32"})
    trainer.put("killed/rounds/3", round_of("g0"))
    state = trainer.round("killed", 3)
    assert (state["state"], state["problem"]["reason"]) == ("failed", "damaged")
    export = {"form": "merged", "type": "f32"}
    found = trainer.problem("PUT", "/v1/runs/killed/rounds/2/export", json=export)
    assert found == (500, "damaged")


def test_a_signal_or_the_parent_s_end_ends_it(tmp_path: Path) -> None:
    with serving(tmp_path) as trainer:
        begun = time.monotonic()
        trainer.process.terminate()
        assert trainer.process.wait(10) == 0
        assert time.monotonic() - begun < 8
    with serving(tmp_path, "--with-parent") as trainer:
        assert trainer.process.stdin
        trainer.process.stdin.close()
        assert trainer.process.wait(10) == 0


def refused_start(folder: Path) -> str:
    """What a trainer says that does not start."""
    ended = subprocess.run(command(folder), cwd=FOLDER, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    return ended.stderr


def test_a_folder_is_one_trainer_s(tmp_path: Path) -> None:
    with serving(tmp_path):
        assert "in use" in refused_start(tmp_path)


def test_it_does_not_start_without_a_token_of_its_own(tmp_path: Path) -> None:
    command(tmp_path)
    (tmp_path / "token").chmod(0o644)
    said = refused_start(tmp_path)
    assert "read by others" in said
    assert TOKEN not in said


def test_a_damaged_run_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    digest = tiny_store(tmp_path / "ollama")
    with serving(tmp_path) as trainer:
        for name in ("good", "bad"):
            trainer.put(name, run_of(name, digest))
    (tmp_path / "data/runs/bad/run.json").write_text(json.dumps({"id": "bad"}))
    with serving(tmp_path) as trainer:
        assert trainer.problem("GET", "/v1/runs/bad/rounds/0") == (500, "damaged")
        assert trainer.client.get("/v1/runs/good/rounds/0").json()["state"] == "done"
