"""Runs without a server around them: what stands after whatever happened."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from test_rounds import group, line, round_of, run_of
from tiny_store import tiny_store

from autodidact_trainer.api_records import Published, RoundRequest, TrainingRun
from autodidact_trainer.problems import ProblemError
from autodidact_trainer.runs.events import EventLog
from autodidact_trainer.runs.learner import TorchLearner
from autodidact_trainer.runs.runs import Runs
from autodidact_trainer.store.ingest import Records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from autodidact_trainer.api_records import RoundState

NAMES = [f"g{nth}" for nth in range(6)]


@contextmanager
def opened(folder: Path) -> Iterator[Runs]:
    """The runs of a folder, as one process after another sees them."""
    models = folder / "ollama"
    runs = Runs(
        folder / "runs",
        models,
        Records(str(folder / "records")),
        lambda: TorchLearner(models, autocast=False),
        lambda _, __: None,
    )
    runs.begin()
    try:
        yield runs
    finally:
        assert runs.end(30)


@pytest.fixture
def digest(tmp_path: Path) -> str:
    """A tiny model's, of whose samples there are some."""
    found = tiny_store(tmp_path / "ollama")
    Records(str(tmp_path / "records")).take("groups", line(*(group(name, found) for name in NAMES)))
    return found


def begin(runs: Runs, name: str, digest: str) -> None:
    """Begins a run."""
    runs.put_run(TrainingRun.model_validate_json(_json(run_of(name, digest))))


def train(runs: Runs, name: str, number: int, digest: str, **changed: Any) -> RoundState:
    """Does a round, and notes that its weights are still sampled as the base is."""
    request = RoundRequest.model_validate_json(_json(round_of(*NAMES, recordsPerStep=2, **changed)))
    runs.put_round(name, number, request)
    state = ended(runs, name, number)
    if state.state == "done":
        runs.publish(name, number, Published(digest=digest, type="f16"))
    return state


def ended(runs: Runs, name: str, number: int) -> RoundState:
    """Waits for a round."""
    until = time.monotonic() + 60
    while (state := runs.round(name, number)).state in {"waiting", "training"}:
        assert time.monotonic() < until
        time.sleep(0.01)
    return state


def _json(value: dict[str, Any]) -> bytes:
    return line(value)


def test_what_is_loaded_again_goes_on_as_what_stayed_in_memory(tmp_path: Path, digest: str) -> None:
    with opened(tmp_path) as runs:
        for name in ("a", "b", "c"):
            begin(runs, name, digest)
        stayed = [train(runs, "a", number, digest).weights for number in (1, 2, 3)]
        # Another run between its rounds takes its place in memory.
        changed = []
        for number in (1, 2, 3):
            changed.append(train(runs, "b", number, digest).weights)
            train(runs, "c", number, digest, mode="rft")
    assert changed == stayed
    assert len(set(stayed)) == 3
    with opened(tmp_path) as runs:
        assert [runs.round("a", number).weights for number in (1, 2, 3)] == stayed
    kept = sorted(path.parent.parent.name for path in (tmp_path / "runs/a").rglob("optimizer.safetensors"))
    assert kept == ["2", "3"]


def test_a_round_that_was_stopped_begins_again(tmp_path: Path, digest: str) -> None:
    with opened(tmp_path) as runs:
        begin(runs, "whole", digest)
        whole = train(runs, "whole", 1, digest, epochs=40)
        begin(runs, "stopped", digest)
        request = RoundRequest.model_validate_json(_json(round_of(*NAMES, recordsPerStep=2, epochs=40)))
        runs.put_round("stopped", 1, request)
        until = time.monotonic() + 60
        while not runs.round("stopped", 1).steps and time.monotonic() < until:
            time.sleep(0.001)
        runs.stop()
    with opened(tmp_path) as runs:
        assert ended(runs, "stopped", 1).weights == whole.weights


def test_a_round_whose_checkpoint_is_damaged_can_be_trained_again(tmp_path: Path, digest: str) -> None:
    with opened(tmp_path) as runs:
        begin(runs, "a", digest)
        before = [train(runs, "a", number, digest).weights for number in (1, 2)]
    checkpoint = tmp_path / "runs/a/rounds/2/checkpoint"
    (checkpoint / "checkpoint.json").write_bytes(b"{")
    with opened(tmp_path) as runs:
        state = runs.round("a", 2)
        assert state.problem is not None
        assert (state.state, state.problem.reason) == ("failed", "damaged")
        with pytest.raises(ProblemError) as caught:
            train(runs, "a", 3, digest)
        assert caught.value.reason == "not-in-order"
        assert train(runs, "a", 2, digest).weights == before[1]
        assert (tmp_path / "runs/a/rounds/2/damaged-1/checkpoint.json").read_bytes() == b"{"


def test_events_have_their_ids_after_a_kill_too(tmp_path: Path, digest: str) -> None:
    with opened(tmp_path) as runs:
        begin(runs, "a", digest)
        train(runs, "a", 1, digest)
        before = runs.events("a").behind(0)
    file = tmp_path / "runs/a/events.ndjson"
    with file.open("ab") as events:
        events.write(b'{"id": 7, "da')
    again = EventLog(file)
    assert again.behind(0) == before
    assert [number for number, _ in before] == [1, 2, 3, 4, 5, 6]
    with opened(tmp_path) as runs:
        train(runs, "a", 2, digest)
        assert [number for number, _ in runs.events("a").behind(6)] == [7, 8, 9, 10, 11, 12]
