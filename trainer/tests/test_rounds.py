"""Runs and rounds of a trainer that really runs, on a tiny model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from serving import Trainer, serving
from tiny import attempt, record
from tiny_store import tiny_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LORA = {"type": "lora", "rank": 4, "alpha": 8, "learningRate": 1e-2}
FULL = {"type": "full", "learningRate": 1e-3}


def group(name: str, digest: str, **changed: Any) -> dict[str, Any]:
    """A group of one right and one wrong attempt."""
    right = attempt([b"4", b"\n"])
    wrong = attempt([b"5", b"re", b"t"], 1, finish="length")
    return record([right, wrong], id=name, model={"name": "tiny", "digest": digest}, **changed)


def run_of(name: str, digest: str, **changed: Any) -> dict[str, Any]:
    """A run as it is asked for."""
    return {"id": name, "digest": digest, "policy": LORA, "randomSeed": 7, "kl": 0, "entropy": 0, **changed}


def round_of(*records: str, **changed: Any) -> dict[str, Any]:
    """A round as it is asked for."""
    given = {"mode": "policy-gradient", "records": records, "recordsPerStep": 8, "epochs": 1}
    return {**given, "mostSeconds": None, **changed}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store like Ollama's with a tiny model, and its digest."""
    folder = tmp_path_factory.mktemp("ollama")
    return folder, tiny_store(folder)


@pytest.fixture(scope="module")
def trainer(store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trainer]:
    """One trainer for all tests that do not end it: each takes a run of its own."""
    with serving(tmp_path_factory.mktemp("trainer"), store=store[0]) as one:
        yield one


@pytest.fixture
def digest(store: tuple[Path, str]) -> str:
    """The tiny model's."""
    return store[1]


def test_a_round_of_groups(trainer: Trainer, digest: str) -> None:
    trainer.post("groups", [group("g1", digest), group("g2", digest, kind="abduction")])
    run = run_of("first", digest)
    assert trainer.put("first", run) == trainer.put("first", run) | run
    request = round_of("g1", "g2", recordsPerStep=1, epochs=2)
    assert trainer.put("first/rounds/1", request)["state"] == "waiting"
    state = trainer.round("first", 1)
    assert state["state"] == "done", state
    assert [one["tokens"] for one in state["steps"]] == [5, 5, 5, 5]
    assert state["steps"][0]["ratio"] == pytest.approx(1, abs=1e-5)
    assert state["steps"][3]["ratio"] != pytest.approx(1, abs=1e-5)
    assert state["refused"] == []
    assert len(state["weights"]) == 64
    assert trainer.put("first/rounds/1", request) == state
