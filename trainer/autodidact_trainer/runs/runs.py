"""All runs of a folder: what stands, what is asked for, and the one thread that trains."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from autodidact_trainer.api_records import (
    MOST_STEPS,
    Exported,
    ExportedEvent,
    Published,
    Rescored,
    RescoredEvent,
    RoundEvent,
    RoundState,
    TrainingRun,
)
from autodidact_trainer.base.architectures import check_architecture
from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.ollama_store import find_weights
from autodidact_trainer.base.vocabulary import Vocabulary
from autodidact_trainer.problems import ProblemError, as_problems, problem_of
from autodidact_trainer.runs.job import Round, StoppedError
from autodidact_trainer.runs.round_watch import RoundWatch
from autodidact_trainer.runs.run import Run
from autodidact_trainer.runs.run_folder import RoundOrder, RunFolder
from autodidact_trainer.store.files import clear_unfinished, sync_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from autodidact_trainer.api_records import ExportRequest, RoundRequest
    from autodidact_trainer.rollouts.records import ProposeGroup, SolveGroup
    from autodidact_trainer.runs.events import Event, EventLog
    from autodidact_trainer.runs.job import Learner
    from autodidact_trainer.store.ingest import Records

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

MOST_WAITING = 8
"""Exports and re-scorings that wait for the thread; more are `busy`."""


class Runs:
    """Methods may be called from any thread; all raise `ProblemError`. `begin` is called once, before any other.

    `make_learner` is called in the thread that trains, once something is to be trained. `observe` hears of each event.
    """

    def __init__(
        self,
        folder: Path,
        models: Path,
        records: Records,
        make_learner: Callable[[], Learner],
        observe: Callable[[str, Event], None],
    ) -> None:
        self._folder = folder
        self._models = models
        self._records = records
        self._make_learner = make_learner
        self._observe = observe
        self._learner: Learner | None = None
        self._lock = threading.RLock()
        self._runs: dict[str, Run] = {}
        self._damaged: dict[str, ProblemError] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="training")
        self._training: tuple[str, int] | None = None
        self._waiting = 0
        self._stopping = threading.Event()

    def begin(self) -> None:
        """Reads what stands in the folder. A round that a kill interrupted begins again, from the checkpoint before it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        clear_unfinished(self._folder)
        for path in sorted(entry for entry in self._folder.iterdir() if entry.is_dir()):
            try:
                run = Run.read(RunFolder(path))
            except ProblemError as problem:
                _log.warning("the run %s is damaged: %s", path.name, problem.detail)
                self._damaged[path.name] = problem
                continue
            if run is not None:
                self._runs[run.run.id] = run
        for run in self._runs.values():
            unfinished = run.unfinished()
            if unfinished is not None and self._training is None:
                self._start(run, unfinished)

    def stop(self) -> None:
        """Stops training after the step that is being taken, and ends what follows events."""
        self._stopping.set()
        for run in list(self._runs.values()):
            run.events.close()

    def end(self, seconds: float) -> bool:
        """Stops, and says whether the thread that trains ended within so many seconds."""
        self.stop()
        ended = threading.Event()
        self._thread.submit(ended.set)
        self._thread.shutdown(wait=False)
        return ended.wait(seconds)

    def put_run(self, wanted: TrainingRun) -> TrainingRun:
        """Begins a run. Its base must be there, and be one that can be trained."""
        with self._lock:
            run = self._find(wanted.id)
            if run is not None:
                if run.run != wanted:
                    raise ProblemError("differs", f"The run {wanted.id} is another one.")
                return run.run
        with as_problems():
            facts = read_gguf(find_weights(self._models, wanted.digest))
            check_architecture(facts.architecture)
            Vocabulary(facts.spelling)
        with self._lock, as_problems():
            if self._find(wanted.id) is None:
                folder = RunFolder(self._folder / wanted.id)
                folder.write_run(wanted)
                self._runs[wanted.id] = Run(wanted, folder)
        return self.put_run(wanted)

    def put_round(self, name: str, number: int, request: RoundRequest) -> RoundState:
        """Begins a round, or says how it stands."""
        steps = -(-len(set(request.records)) // request.records_per_step) * request.epochs
        if steps > MOST_STEPS:
            raise ProblemError("malformed", f"A round has at most {MOST_STEPS} steps; this one has {steps}.")
        with self._lock, as_problems():
            run = self._run(name)
            state = run.rounds.get(number)
            if state is not None and number > 0:
                if run.folder.round(number).order().request != request:
                    raise ProblemError("differs", f"Round {number} was asked for with another body.")
                if state.state != "failed" or number != run.newest():
                    return state
            elif number != run.newest() + 1 or number < 1:
                raise ProblemError("not-in-order", f"The next round of this run is {run.newest() + 1}.")
            elif number > 1 and run.rounds[number - 1].state != "done":
                raise ProblemError("not-in-order", f"Round {number - 1} is not done.")
            if self._training is not None:
                raise ProblemError("busy", "Round {1} of the run {0} is in training.".format(*self._training))
            folder = run.folder.round(number)
            if state is None:
                folder.write_order(RoundOrder(request=request, standing=run.standing()))
            else:
                folder.forget_failure()
            return self._start(run, number)

    def round(self, name: str, number: int) -> RoundState:
        """How a round stands."""
        with self._lock:
            return self._round(self._run(name), number)

    def publish(self, name: str, number: int, published: Published) -> Published:
        """Notes under which digest a round's weights are sampled from now on."""
        with self._lock, as_problems():
            run = self._run(name)
            self._done(run, number)
            run.folder.round(number).write_published(published)
            run.published[number] = published
            return published

    def export(self, name: str, number: int, request: ExportRequest) -> Future[Exported]:
        """Makes an export ready, which may take as long as loading the base."""
        with self._lock:
            run = self._run(name)
            self._done(run, number)
            found = run.folder.round(number).exported(request)
            if found is not None:
                ready: Future[Exported] = Future()
                ready.set_result(found)
                return ready
            return self._submit(lambda learner: self._export(learner, run, number, request))

    def export_file(self, name: str, number: int, request: ExportRequest) -> tuple[Path, Exported]:
        """The file of an export that stands ready."""
        with self._lock:
            run = self._run(name)
            self._done(run, number)
            folder = run.folder.round(number)
            found = folder.exported(request)
            if found is None:
                raise ProblemError("not-done", "This export was not asked for yet, with PUT.")
            return folder.export_file(request), found

    def rescore(
        self, name: str, number: int, groups: Sequence[ProposeGroup | SolveGroup]
    ) -> Future[Rescored]:
        """Compares what a sampler recorded with a round's weights."""
        with self._lock:
            run = self._run(name)
            self._done(run, number)
            return self._submit(lambda learner: self._rescore(learner, run, number, groups))

    def events(self, name: str) -> EventLog:
        """What happened in a run."""
        with self._lock:
            return self._run(name).events

    def _find(self, name: str) -> Run | None:
        if name in self._damaged:
            raise self._damaged[name]
        return self._runs.get(name)

    def _run(self, name: str) -> Run:
        run = self._find(name)
        if run is None:
            raise ProblemError("no-such-run", f"There is no run {name}.")
        return run

    def _round(self, run: Run, number: int) -> RoundState:
        state = run.rounds.get(number)
        if state is None:
            raise ProblemError("no-such-round", f"The run {run.run.id} has no round {number}.")
        return state

    def _done(self, run: Run, number: int) -> None:
        state = self._round(run, number)
        if state.problem is not None and state.problem.reason == "damaged":
            raise ProblemError("damaged", state.problem.detail)
        if state.state != "done":
            raise ProblemError("not-done", f"Round {number} is {state.state}.")

    def _start(self, run: Run, number: int) -> RoundState:
        self._training = (run.run.id, number)
        state = run.waiting(number)
        self._change(run, state)
        watch = RoundWatch(run, number, self._change, self._tell, self._stopping)
        training = self._thread.submit(self._train, run, number, watch)
        training.add_done_callback(lambda ended: self._ended(run, number, watch, ended))
        return state

    def _change(self, run: Run, state: RoundState) -> None:
        with self._lock:
            run.rounds[state.round] = state
        self._tell(run, RoundEvent(type="round", state=state))

    def _tell(self, run: Run, event: Event) -> None:
        run.events.add(event)
        self._observe(run.run.id, event)

    def _train(self, run: Run, number: int, watch: RoundWatch) -> RoundState:
        """Runs in the thread that trains."""
        watch.check()
        folder = run.folder.round(number)
        job = Round(run.weights(number - 1), folder.order(), folder.checkpoint)
        watch.begin()
        return self._loaded().train(job, self._records, watch)

    def _ended(self, run: Run, number: int, watch: RoundWatch, training: Future[RoundState]) -> None:
        error = training.exception()
        if isinstance(error, StoppedError):
            return
        state = training.result() if error is None else self._failed(watch, run, number, error)
        with self._lock:
            self._training = None
            self._change(run, state)
            if state.state == "done":
                run.forget_optimizers(number)

    def _failed(self, watch: RoundWatch, run: Run, number: int, error: BaseException) -> RoundState:
        problem = problem_of(error)
        if problem.reason == "internal":
            _log.error("round %d of %s failed", number, run.run.id, exc_info=error)
        state = watch.failed(problem)
        try:
            run.folder.round(number).write_failed(state)
        except OSError:
            _log.exception("that a round failed was not written down; it begins again at the next start")
        return state

    def _loaded(self) -> Learner:
        if self._learner is None:
            self._learner = self._make_learner()
        return self._learner

    def _submit(self, work: Callable[[Learner], _T]) -> Future[_T]:
        if self._training is not None:
            raise ProblemError("busy", "Round {1} of the run {0} is in training.".format(*self._training))
        if self._waiting >= MOST_WAITING:
            raise ProblemError("busy", f"{MOST_WAITING} requests wait for the thread that trains.")
        self._waiting += 1

        def run() -> _T:
            with as_problems():
                return work(self._loaded())

        def left(_: Future[_T]) -> None:
            with self._lock:
                self._waiting -= 1

        submitted = self._thread.submit(run)
        # Also of one that was given up before its turn came.
        submitted.add_done_callback(left)
        return submitted

    def _export(self, learner: Learner, run: Run, number: int, request: ExportRequest) -> Exported:
        folder = run.folder.round(number)
        found = folder.exported(request)
        if found is not None:
            return found
        begun = time.monotonic()
        file = folder.export_file(request)
        learner.export(run.weights(number), request, file)
        sync_file(file)
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        found = Exported(
            form=request.form,
            type=request.type,
            run=run.run.id,
            round=number,
            sha256=digest,
            bytes=file.stat().st_size,
            seconds=time.monotonic() - begun,
        )
        folder.write_exported(found)
        self._tell(run, ExportedEvent(type="exported", exported=found))
        return found

    def _rescore(
        self, learner: Learner, run: Run, number: int, groups: Sequence[ProposeGroup | SolveGroup]
    ) -> Rescored:
        published = run.published.get(number)
        found = learner.rescore(run.weights(number), groups, published.type if published else None)
        self._tell(run, RescoredEvent(type="rescored", round=number, rescored=found))
        return found
