"""A group record as it stands in the stream: `protocol/group.ts` in Python.

A test compares these classes with the JSON Schema that is made from there (`schemas/group.json`).
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

Kind: TypeAlias = Literal["deduction", "abduction", "induction", "explain"]
Role: TypeAlias = Literal["propose", "solve"]
Preset: TypeAlias = Literal["autodidact", "diverse", "absolute-zero", "agent0"]
Estimator: TypeAlias = Literal["leave-one-out", "trr++", "adpo"]
Finish: TypeAlias = Literal["delimiter", "end", "length", "stall", "aborted"]
NotTrainable: TypeAlias = Literal[
    "off-policy", "prompt-cut", "digest-changed", "no-logprobs", "unjudged", "canary"
]
TrivialSolver: TypeAlias = Literal[
    "argument",
    "empty-value",
    "commonest-output",
    "output-as-call",
    "empty-arguments",
    "commonest-call",
    "identity",
    "constant",
    "shown-table",
    "nearest-shown",
]

NonNegativeInt: TypeAlias = Annotated[int, Field(ge=0)]
PositiveInt: TypeAlias = Annotated[int, Field(gt=0)]
NonNegative: TypeAlias = Annotated[float, Field(ge=0)]


class Record(BaseModel):
    """Read from JSON as it is, with no value bent into another type; fields that we do not know are left out."""

    model_config = ConfigDict(
        alias_generator=to_camel, frozen=True, strict=True, extra="ignore", allow_inf_nan=False
    )


class Token(Record):
    """One sampled token: its bytes in base64, and the log-probability that the sampler reported."""

    bytes: str
    logprob: float


class Sampling(Record):
    """Sampling options as sent."""

    temperature: float
    top_k: int
    top_p: float
    min_p: float
    repeat_penalty: float
    num_predict: PositiveInt
    num_ctx: PositiveInt


class Reward(Record):
    """A reward with the parts that it was made from."""

    total: float
    parts: dict[str, float]


class Right(Record):
    """The attempt was right."""

    verdict: Literal["right"]


class Wrong(Record):
    """The attempt was wrong, because of the answer."""

    verdict: Literal["wrong"]
    reason: Literal[
        "different",
        "malformed",
        "arity",
        "raised",
        "limit",
        "no-entry",
        "unencodable",
        "drifts",
        "cut",
        "leaks",
    ]


class Unjudgeable(Record):
    """The record is at fault, not the answer."""

    verdict: Literal["unjudgeable"]
    reason: Literal["bad-record", "program-fails", "gold-mismatch", "gold-unencodable", "drifts", "sandbox"]


class Tries(Record):
    """How many of some tries came out right."""

    right: NonNegativeInt
    of: PositiveInt


class Gained(Record):
    """What a message was worth."""

    verdict: Literal["gained"]
    with_: Annotated[Tries, Field(alias="with")]
    without: Tries


class Valid(Record):
    """The proposal is a task."""

    verdict: Literal["valid"]


class Invalid(Record):
    """The proposal is no task."""

    verdict: Literal["invalid"]
    reason: Literal[
        "malformed",
        "cut",
        "syntax",
        "no-entry",
        "arguments",
        "exception",
        "limit",
        "violation",
        "crash",
        "unencodable",
        "drifts",
        "none-output",
        "too-large",
        "answer-in-prompt",
        "held-out",
        "leaks",
        "too-few-calls",
        "not-composed",
        "sandbox",
    ]


class NotNew(Record):
    """The proposal is known already."""

    verdict: Literal["not-new"]
    reason: Literal[
        "same-program",
        "same-behaviour",
        "same-call",
        "same-branches",
        "same-message",
        "same-task",
        "rejected-pattern",
    ]


class Trivial(Record):
    """A trivial solver gets the proposal."""

    verdict: Literal["trivial"]
    reason: TrivialSolver


class NotWorth(Record):
    """Solving the proposal would teach nothing."""

    verdict: Literal["not-worth"]
    reason: Literal[
        "argument",
        "exceptions",
        "exception",
        "none",
        "easily-found",
        "few-shown",
        "few-hidden",
        "few-outputs",
        "nearly-trivial",
    ]


class _Sample(Record):
    index: NonNegativeInt
    text: str
    answer: str | None
    tokens: tuple[Token, ...]
    finish: Finish
    random_seed: int
    prompt_tokens: NonNegativeInt
    completion_tokens: NonNegativeInt
    prompt_ms: NonNegative
    completion_ms: NonNegative
    trainable: bool
    reward: Reward


class ToolCall(Record):
    """A piece of Python that a model ran on its way to an answer, and what was put into the text behind it."""

    at: NonNegativeInt
    text_at: NonNegativeInt
    code: str
    outcome: Literal["ran", "raised", "blank", "limit", "violation", "crash", "refused", "drifts"]
    text: str
    tool_ms: NonNegative
    random_seed: int
    prompt_tokens: NonNegativeInt


class Attempt(_Sample):
    """A sample that answers a task."""

    verdict: Annotated[Right | Wrong | Unjudgeable | Gained, Field(discriminator="verdict")]
    tool: tuple[ToolCall, ...] | None = None
    judging_ms: NonNegative | None = None


class Proposal(_Sample):
    """A sample that proposes a task."""

    verdict: Annotated[Valid | Invalid | NotNew | Trivial | NotWorth, Field(discriminator="verdict")]
    task_id: str | None


class Model(Record):
    """The model that was sampled, as its endpoint names it."""

    name: str
    digest: str


class Unit(Record):
    """Where in the workspace a unit stands."""

    folder: str
    file: str
    symbol: str
    line: PositiveInt
    end_line: PositiveInt
    unit_hash: str
    file_hash: str
    commit: str | None


class Backend(Record):
    """Which sandbox ran programs."""

    name: Literal["pyodide", "native"]
    version: str
    python: str


class _Group(Record):
    schema_version: Annotated[Literal[1], Field(alias="schema")]
    id: str
    run_id: str
    preset: Preset = "autodidact"
    estimator: Estimator = "leave-one-out"
    kind: Kind
    form: str
    prompt_version: str
    prompt: str
    model: Model
    sampling: Sampling
    trainable: bool
    not_trainable: NotTrainable | None
    unit: Unit
    backend: Backend
    created_at: str


class ProposeGroup(_Group):
    """Proposals drawn for one prompt."""

    role: Literal["propose"]
    samples: tuple[Proposal, ...]


class SolveGroup(_Group):
    """Attempts drawn for one prompt."""

    role: Literal["solve"]
    task_id: str
    samples: tuple[Attempt, ...]


Sample: TypeAlias = Attempt | Proposal
Group: TypeAlias = Annotated[ProposeGroup | SolveGroup, Field(discriminator="role")]
group_adapter: TypeAdapter[ProposeGroup | SolveGroup] = TypeAdapter(Group)
