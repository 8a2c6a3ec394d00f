"""What the trainer counts, for Prometheus. Nothing is sent anywhere: whoever has the token may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from autodidact_trainer.api_records import ExportedEvent, RescoredEvent, RoundEvent, StepEvent

if TYPE_CHECKING:
    from autodidact_trainer.api_records import RecordsTaken
    from autodidact_trainer.runs.events import Event

_SECONDS = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800)


class Metrics:
    """Counters since the process began."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "autodidact_requests", "Requests.", ["method", "route", "status"], registry=registry
        )
        self._records = Counter(
            "autodidact_records", "Lines that came in.", ["kind", "became"], registry=registry
        )
        self._rounds = Counter("autodidact_rounds", "Rounds that ended.", ["state"], registry=registry)
        self._steps = Counter("autodidact_steps", "Steps that were taken.", registry=registry)
        self._skipped = Counter(
            "autodidact_steps_skipped", "Steps that were not taken.", ["reason"], registry=registry
        )
        self._tokens = Counter("autodidact_tokens_trained", "Completion tokens trained.", registry=registry)
        self._seconds = Histogram(
            "autodidact_step_seconds", "Seconds of a step.", buckets=_SECONDS, registry=registry
        )
        self._loss = Gauge("autodidact_loss", "Loss of the last step.", ["run"], registry=registry)
        self._training = Gauge("autodidact_training", "Whether a round is in training.", registry=registry)
        self._exports = Counter("autodidact_exports", "Files written.", ["form", "type"], registry=registry)
        self._rescored = Gauge(
            "autodidact_rescored_mean",
            "Mean |log pi - log mu| of the last publish.",
            ["run"],
            registry=registry,
        )

    def requested(self, method: str, route: str, status: int) -> None:
        """A request was answered. `route`: as a template, so that there are not as many as there are ids."""
        self._requests.labels(method, route, str(status)).inc()

    def took(self, kind: str, taken: RecordsTaken) -> None:
        """A body of records was stored."""
        self._records.labels(kind, "stored").inc(taken.stored)
        self._records.labels(kind, "known").inc(taken.known)
        self._records.labels(kind, "refused").inc(len(taken.refused))

    def observe(self, run: str, event: Event) -> None:
        """Something happened in a run."""
        if isinstance(event, StepEvent):
            self._steps.inc()
            self._tokens.inc(event.step.tokens)
            self._seconds.observe(event.step.seconds)
            self._loss.labels(run).set(event.step.loss)
        elif isinstance(event, ExportedEvent):
            self._exports.labels(event.exported.form, event.exported.type).inc()
        elif isinstance(event, RescoredEvent):
            self._rescored.labels(run).set(event.rescored.mean)
        elif isinstance(event, RoundEvent):
            ended = event.state.state in {"done", "failed"}
            self._training.set(0 if ended else 1)
            if ended:
                self._rounds.labels(event.state.state).inc()
                for reason in event.state.skipped:
                    self._skipped.labels(reason).inc()

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)
