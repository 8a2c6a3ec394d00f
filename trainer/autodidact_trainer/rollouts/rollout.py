"""A group as token ids of the model that is trained."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autodidact_trainer.rollouts.trainable import group_refusal, sample_refusal

if TYPE_CHECKING:
    from autodidact_trainer.base.vocabulary import Vocabulary
    from autodidact_trainer.rollouts.records import Estimator, Kind, ProposeGroup, Role, Sample, SolveGroup
    from autodidact_trainer.rollouts.trainable import GroupRefusal, SampleRefusal


@dataclass(frozen=True)
class Completion:
    """The tokens of one sample that is trained on, its end included.

    `logprobs` are the sampler's, natural logarithms, one for each token but for an end that was imputed: where the model
    ended by itself, the sampler reports no token, so the token that ends a text is put there by id, as the last one.
    """

    index: int
    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    end_imputed: bool


@dataclass(frozen=True)
class Scored:
    """What advantages are made of: one for each sample of the group, trained on or not."""

    reward: float
    agreement: float | None
    """p̂ where the label is a majority's (`protocol/preset.ts`, `Estimator`)."""


@dataclass(frozen=True)
class Rollout:
    """One group, ready to be trained on. `refused` names the samples that are not, by index."""

    group: str
    digest: str
    kind: Kind
    role: Role
    estimator: Estimator
    prompt: tuple[int, ...]
    scored: tuple[Scored, ...]
    completions: tuple[Completion, ...]
    """In the order of `scored`; fewer where some are refused. `index` is the place in `scored`."""
    refused: tuple[tuple[int, SampleRefusal], ...]


@dataclass(frozen=True)
class RefusedGroup:
    """A group that is not trained on."""

    group: str
    reason: GroupRefusal


def make_rollout(group: ProposeGroup | SolveGroup, vocabulary: Vocabulary) -> Rollout | RefusedGroup:
    """Turns a record into tokens. What may be trained on is decided here and in `trainable.py`, for good."""
    reason = group_refusal(group)
    if reason is not None:
        return RefusedGroup(group.id, reason)
    prompt = tuple(vocabulary.encode(group.prompt))
    if any(sample.prompt_tokens != len(prompt) for sample in group.samples) or not prompt:
        return RefusedGroup(group.id, "prompt-tokens")
    completions: list[Completion] = []
    refused: list[tuple[int, SampleRefusal]] = []
    samples: tuple[Sample, ...] = group.samples
    for index, sample in enumerate(samples):
        made = make_completion(sample, index, vocabulary)
        if isinstance(made, Completion):
            completions.append(made)
        else:
            refused.append((index, made))
    return Rollout(
        group=group.id,
        digest=group.model.digest,
        kind=group.kind,
        role=group.role,
        estimator=group.estimator,
        prompt=prompt,
        scored=tuple(
            Scored(sample.reward.total, sample.reward.parts.get("agreement")) for sample in group.samples
        ),
        completions=tuple(completions),
        refused=tuple(refused),
    )


def make_completion(sample: Sample, index: int, vocabulary: Vocabulary) -> Completion | SampleRefusal:
    """The tokens of a sample by their bytes, or why it is not trained on."""
    reason = sample_refusal(sample)
    if reason is not None:
        return reason
    try:
        pieces = [b64decode(token.bytes, validate=True) for token in sample.tokens]
    except Base64Error:
        return "unknown-token"
    if b"".join(pieces) != sample.text.encode("utf8", "surrogatepass"):
        return "text-differs"
    ids: list[int] = []
    for piece in pieces:
        token = vocabulary.id_of(piece)
        if token is None:
            return "unknown-token"
        ids.append(token)
    ended = sample.finish == "end"
    return Completion(
        index=index,
        tokens=(*ids, vocabulary.eos) if ended else tuple(ids),
        logprobs=tuple(token.logprob for token in sample.tokens),
        end_imputed=ended,
    )
