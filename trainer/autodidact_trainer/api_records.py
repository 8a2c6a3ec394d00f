"""What the service takes and gives: `protocol/trainer.ts` in Python.

A test compares these classes with the JSON Schema that is made from there (`schemas/trainer.json`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from autodidact_trainer.rollouts.records import NonNegative, NonNegativeInt, PositiveInt, Record
from autodidact_trainer.rollouts.trainable import GroupRefusal, SampleRefusal

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL = 1
MOST_STEPS = 4_096
"""Of a round: so many that its state, which lists them, stays small enough to be sent."""

ErrorReason: TypeAlias = Literal[
    "unauthorised",
    "too-large",
    "malformed",
    "no-such-run",
    "no-such-round",
    "differs",
    "not-in-order",
    "busy",
    "base-missing",
    "base-unknown",
    "disk-full",
    "not-done",
    "nothing-recorded",
    "damaged",
    "no-such-route",
    "internal",
]
LineReason: TypeAlias = Literal["too-long", "cut-off", "not-json", "unknown-schema", "malformed", "differs"]
RefusalReason: TypeAlias = Literal[
    GroupRefusal, SampleRefusal, "unknown", "other-version", "nothing-right", "too-long"
]
Skip: TypeAlias = Literal["nothing-to-learn", "non-finite-loss", "non-finite-gradient"]
Form: TypeAlias = Literal["merged", "adapter"]
Type: TypeAlias = Literal["f32", "f16", "q8_0"]
Mode: TypeAlias = Literal["policy-gradient", "rft", "sft"]

RUN_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
Id: TypeAlias = Annotated[str, Field(pattern=RUN_ID)]
Digest: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
LearningRate: TypeAlias = Annotated[float, Field(gt=0, le=1)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class TrainerHealth(Record):
    """Says that a trainer listens."""

    service: Literal["autodidact-trainer"]
    protocol: int
    version: str


class TrainerProblem(Record):
    """The body of every answer that is no success."""

    reason: ErrorReason
    detail: str


class RefusedLine(Record):
    """A line that was not stored; lines count from 1."""

    line: PositiveInt
    id: str | None
    reason: LineReason
    detail: str


class RecordsTaken(Record):
    """What became of the lines of a body."""

    stored: NonNegativeInt
    known: NonNegativeInt
    refused: tuple[RefusedLine, ...]


class Example(Record):
    """What supervised training learns from."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    id: str
    kind: str
    prompt: str
    target: str


class LoraPolicy(Record):
    """Adapters on all linear layers."""

    type: Literal["lora"]
    rank: Annotated[int, Field(gt=0, le=256)]
    alpha: Annotated[int, Field(gt=0, le=1024)]
    learning_rate: LearningRate


class FullPolicy(Record):
    """All weights."""

    type: Literal["full"]
    learning_rate: LearningRate


class TrainingRun(Record):
    """One base, one policy, rounds upon each other."""

    id: Id
    digest: Digest
    policy: Annotated[LoraPolicy | FullPolicy, Field(discriminator="type")]
    random_seed: Annotated[int, Field(ge=0, le=2**31 - 1)]
    kl: NonNegative
    entropy: NonNegative


class RoundRequest(Record):
    """What a round learns from."""

    mode: Mode
    records: Annotated[tuple[str, ...], Field(min_length=1, max_length=65_536)]
    records_per_step: Annotated[int, Field(gt=0, le=4_096)]
    epochs: Annotated[int, Field(gt=0, le=64)]
    most_seconds: Annotated[float, Field(gt=0)] | None


class TrainingStep(Record):
    """One step of the optimiser."""

    loss: float
    gradient: NonNegative
    tokens: NonNegativeInt
    nodes: NonNegativeInt
    ratio: NonNegative
    weight: NonNegative
    clipped: Share
    seconds: NonNegative


class RecordRefusal(Record):
    """Why a record was not trained on, or one of its samples."""

    id: str
    sample: NonNegativeInt | None
    reason: RefusalReason


class RoundState(Record):
    """How a round stands."""

    run: Id
    round: NonNegativeInt
    state: Literal["waiting", "training", "done", "failed"]
    problem: TrainerProblem | None
    steps: tuple[TrainingStep, ...]
    skipped: tuple[Skip, ...]
    refused: tuple[RecordRefusal, ...]
    weights: str | None
    seconds: NonNegative


class ExportRequest(Record):
    """The file that is wanted of a round's weights."""

    form: Form
    type: Type


class Exported(ExportRequest):
    """A file that stands ready to be fetched."""

    run: Id
    round: NonNegativeInt
    sha256: Digest
    bytes: PositiveInt
    seconds: NonNegative


class Published(Record):
    """Under which digest a round's weights are sampled."""

    digest: Digest
    type: Type


class Rescored(Record):
    """How far a sampler is from the trainer's weights."""

    completions: PositiveInt
    tokens: PositiveInt
    mean: NonNegative
    p99: NonNegative
    token_share: Share
    completion_share: Share
    breaches: tuple[Literal["mean", "p99", "token-share"], ...]


class RoundEvent(Record):
    """A round's state changed."""

    type: Literal["round"]
    state: RoundState


class StepEvent(Record):
    """A step was taken."""

    type: Literal["step"]
    round: PositiveInt
    step: TrainingStep


class ExportedEvent(Record):
    """A file was written."""

    type: Literal["exported"]
    exported: Exported


class RescoredEvent(Record):
    """Samples were scored again."""

    type: Literal["rescored"]
    round: NonNegativeInt
    rescored: Rescored


TrainerEvent: TypeAlias = Annotated[
    RoundEvent | StepEvent | ExportedEvent | RescoredEvent, Field(discriminator="type")
]

BY_NAME: Mapping[str, Any] = {
    "TrainerHealth": TrainerHealth,
    "TrainerProblem": TrainerProblem,
    "RecordsTaken": RecordsTaken,
    "Example": Example,
    "TrainingRun": TrainingRun,
    "RoundRequest": RoundRequest,
    "RoundState": RoundState,
    "ExportRequest": ExportRequest,
    "Exported": Exported,
    "Published": Published,
    "Rescored": Rescored,
    "TrainerEvent": TrainerEvent,
}
"""All records of the API, for the contract test."""

example_adapter: TypeAdapter[Example] = TypeAdapter(Example)
