"""One run: what stands in its folder, kept in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autodidact_trainer.api_records import RoundState
from autodidact_trainer.problems import ProblemError
from autodidact_trainer.runs.events import EventLog
from autodidact_trainer.runs.job import Weights

if TYPE_CHECKING:
    from autodidact_trainer.api_records import Published, TrainingRun
    from autodidact_trainer.runs.run_folder import Checkpoint, RunFolder

OPTIMIZERS = 2
"""Rounds whose optimiser is kept: the newest, and the one before it, should the newest have to be trained again."""


class Run:
    """Round 0 is the base, and always done. Not safe for threads by itself: `Runs` locks."""

    def __init__(self, run: TrainingRun, folder: RunFolder) -> None:
        self.run = run
        self.folder = folder
        self.events = EventLog(folder.events)
        self.rounds: dict[int, RoundState] = {0: self._state(0, "done")}
        self.published: dict[int, Published] = {}
        self._checkpoints: dict[int, Checkpoint] = {}

    @classmethod
    def read(cls, folder: RunFolder) -> Run | None:
        """The run of a folder; None where none was begun. Raises `ProblemError` `damaged`."""
        found = folder.run()
        if found is None:
            return None
        run = cls(found, folder)
        for number in [0, *folder.rounds()]:
            run.read_round(number)
        return run

    def read_round(self, number: int) -> None:
        """Reads how a round stands. One whose checkpoint is damaged has failed."""
        folder = self.folder.round(number)
        try:
            published = folder.published()
            if published is not None:
                self.published[number] = published
            if number == 0:
                return
            checkpoint = folder.finished()
            failed = folder.failed()
        except ProblemError as problem:
            self.rounds[number] = self._state(number, "failed").model_copy(
                update={"problem": problem.record()}
            )
            return
        if checkpoint is not None:
            self._checkpoints[number] = checkpoint
            self.rounds[number] = checkpoint.state
        else:
            self.rounds[number] = failed or self.waiting(number)

    def newest(self) -> int:
        """The round that was begun last."""
        return max(self.rounds)

    def unfinished(self) -> int | None:
        """The round that was being trained when the trainer ended."""
        newest = self.newest()
        return newest if self.rounds[newest].state in {"waiting", "training"} else None

    def waiting(self, number: int) -> RoundState:
        """A round as it begins."""
        return self._state(number, "waiting")

    def weights(self, number: int) -> Weights:
        """Where the weights of a round stand, which is done. Raises `ProblemError` `damaged`."""
        folder = self.folder.round(number)
        if number > 0 and number not in self._checkpoints:
            checkpoint = folder.finished()
            if checkpoint is None:
                raise ProblemError("damaged", f"{folder.checkpoint} is missing.")
            self._checkpoints[number] = checkpoint
        return Weights(self.run, number, folder.checkpoint, self._checkpoints.get(number))

    def standing(self) -> tuple[str, ...]:
        """Digests under which the newest weights are sampled: a round without a step left them as they were."""
        for number in sorted(self.rounds, reverse=True):
            published = self.published.get(number)
            if number == 0:
                return (self.run.digest, published.digest) if published else (self.run.digest,)
            if published is not None:
                return (published.digest,)
            if self.rounds[number].steps:
                return ()
        return ()

    def forget_optimizers(self, newest: int) -> None:
        """Takes away what no round goes on from. What cannot be removed only takes room."""
        old = self.folder.round(newest - OPTIMIZERS).checkpoint / "optimizer.safetensors"
        try:
            old.unlink(missing_ok=True)
        except OSError:
            return

    def _state(self, number: int, state: str) -> RoundState:
        return RoundState.model_validate(
            {
                "run": self.run.id,
                "round": number,
                "state": state,
                "problem": None,
                "steps": (),
                "skipped": (),
                "refused": (),
                "weights": None,
                "seconds": 0.0,
            }
        )
