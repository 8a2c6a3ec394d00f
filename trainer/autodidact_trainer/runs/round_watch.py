"""How a round goes on, as whoever asks sees it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from autodidact_trainer.api_records import StepEvent, TrainingStep
from autodidact_trainer.runs.job import StoppedError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from autodidact_trainer.api_records import RecordRefusal, RoundState, Skip
    from autodidact_trainer.problems import ProblemError
    from autodidact_trainer.runs.events import Event
    from autodidact_trainer.runs.run import Run


class RoundWatch:
    """`Watch`: keeps the state of a round, for the thread that trains it."""

    def __init__(
        self,
        run: Run,
        number: int,
        change: Callable[[Run, RoundState], None],
        tell: Callable[[Run, Event], None],
        stopping: threading.Event,
    ) -> None:
        self._run = run
        self._state = run.waiting(number)
        self._change = change
        self._tell = tell
        self._stopping = stopping
        self._begun = time.monotonic()

    def begin(self) -> None:
        """Training begins."""
        self._begun = time.monotonic()
        self._state = self._state.model_copy(update={"state": "training"})
        self._change(self._run, self._state)

    def refused(self, refusals: Sequence[RecordRefusal]) -> None:
        """What is not trained on, before the first step."""
        self._update({"refused": tuple(refusals)})

    def stepped(self, step: TrainingStep | Skip) -> None:
        """A step was taken, or skipped."""
        if isinstance(step, TrainingStep):
            self._update({"steps": (*self._state.steps, step)})
            self._tell(self._run, StepEvent(type="step", round=self._state.round, step=step))
        else:
            self._update({"skipped": (*self._state.skipped, step)})

    def done(self, weights: str) -> RoundState:
        """The state that the checkpoint is to hold."""
        return self._state.model_copy(
            update={"state": "done", "weights": weights, "seconds": time.monotonic() - self._begun}
        )

    def failed(self, problem: ProblemError) -> RoundState:
        """The state of a round that ended here."""
        return self._state.model_copy(
            update={
                "state": "failed",
                "problem": problem.record(),
                "seconds": time.monotonic() - self._begun,
            }
        )

    def check(self) -> None:
        """Raises `StoppedError` where the trainer ends."""
        if self._stopping.is_set():
            raise StoppedError

    def _update(self, values: dict[str, object]) -> None:
        seconds = time.monotonic() - self._begun
        self._state = self._state.model_copy(update={**values, "seconds": seconds})
        self._run.rounds[self._state.round] = self._state
