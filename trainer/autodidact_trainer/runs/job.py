"""What the thread that trains is asked for, and what it tells meanwhile. Nothing here needs torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from autodidact_trainer.api_records import (
        ExportRequest,
        RecordRefusal,
        Rescored,
        RoundState,
        Skip,
        TrainingRun,
        TrainingStep,
        Type,
    )
    from autodidact_trainer.rollouts.records import ProposeGroup, SolveGroup
    from autodidact_trainer.runs.run_folder import Checkpoint, RoundOrder
    from autodidact_trainer.store.ingest import Records


@dataclass(frozen=True)
class Weights:
    """Weights of a run after a round; round 0 is the base, which has no checkpoint."""

    run: TrainingRun
    round: int
    folder: Path
    checkpoint: Checkpoint | None


@dataclass(frozen=True)
class Round:
    """What is to be trained: the weights that it begins with, what was asked for, and where its checkpoint goes."""

    before: Weights
    order: RoundOrder
    target: Path


class StoppedError(Exception):
    """The trainer ends; the round begins again when it is started again."""


class Watch(Protocol):
    """Who hears how a round goes on, and how it ends."""

    def refused(self, refusals: Sequence[RecordRefusal]) -> None:
        """What is not trained on, before the first step."""

    def stepped(self, step: TrainingStep | Skip) -> None:
        """A step was taken, or skipped."""

    def done(self, weights: str) -> RoundState:
        """The state that the checkpoint is to hold."""

    def check(self) -> None:
        """Raises `StoppedError` where the trainer ends."""


class Learner(Protocol):
    """What trains: `learner.py`, which takes ten seconds to load."""

    def train(self, job: Round, records: Records, watch: Watch) -> RoundState:
        """Does a round and writes its checkpoint."""

    def export(self, weights: Weights, request: ExportRequest, target: Path) -> None:
        """Writes weights as a GGUF file."""

    def rescore(
        self, weights: Weights, groups: Sequence[ProposeGroup | SolveGroup], published: Type | None
    ) -> Rescored:
        """Compares recorded log-probabilities with those of weights."""
