"""Scores recorded samples again with the trainer's weights, to tell whether these are the weights that were sampled."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, fsum
from typing import TYPE_CHECKING, Literal, TypeAlias

from autodidact_trainer.advantages.assign import Advantage
from autodidact_trainer.policy.prefix_tree import Sequel
from autodidact_trainer.training.batch import TrainingSample
from autodidact_trainer.training.step import StepSettings, score_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedModel

    from autodidact_trainer.rollouts.rollout import Rollout


@dataclass(frozen=True)
class Rescored:
    """How far trainer and sampler are apart, over recorded tokens; an imputed end has no record and is left out.

    `mean`, `p99`: of |log pi - log mu|, natural logarithms. `token_share`, `completion_share`: Kish's effective sample size of
    the weights pi / mu, of tokens (those that the loss uses, before their bound) and of whole completions, divided by their
    number; 1 where both are the same. The latter falls with length, however near the weights are.
    """

    completions: int
    tokens: int
    mean: float
    p99: float
    token_share: float
    completion_share: float


@dataclass(frozen=True)
class Bounds:
    """What a publish must keep."""

    mean: float
    p99: float
    token_share: float = 0.9


SAME_WEIGHTS = Bounds(mean=0.05, p99=0.5)
QUANTISED = Bounds(mean=0.1, p99=1.0)
"""For q8_0."""

Breach: TypeAlias = Literal["mean", "p99", "token-share"]


def rescore(policy: PreTrainedModel, rollouts: Sequence[Rollout], settings: StepSettings) -> Rescored | None:
    """Compares the recorded log-probabilities with the policy's; None where no token was recorded."""
    samples = [
        TrainingSample(Sequel(rollout.prompt, completion.tokens), completion.logprobs, Advantage(0.0))
        for rollout in rollouts
        for completion in rollout.completions
        if completion.logprobs
    ]
    if not samples:
        return None
    differences = [
        [ours - theirs for ours, theirs in zip(logprobs, sample.sampler, strict=False)]
        for sample, logprobs in score_samples(policy, samples, settings)
    ]
    return summarise(differences)


def summarise(differences: Sequence[Sequence[float]]) -> Rescored:
    """From log pi - log mu of each token of each completion; there is one at least."""
    sizes = sorted(abs(value) for one in differences for value in one)
    return Rescored(
        completions=len(differences),
        tokens=len(sizes),
        mean=fsum(sizes) / len(sizes),
        p99=sizes[ceil(0.99 * len(sizes)) - 1],
        token_share=effective_share([value for one in differences for value in one]),
        completion_share=effective_share([fsum(one) for one in differences]),
    )


def effective_share(logarithms: Sequence[float]) -> float:
    """(sum of w)^2 / (n * sum of w^2) of weights that are given by their logarithms (Kish, Survey Sampling, 1965)."""
    highest = max(logarithms)
    # Scaled by the largest, which changes nothing and cannot overflow.
    weights = [exp(one - highest) for one in logarithms]
    return fsum(weights) ** 2 / (len(weights) * fsum(weight**2 for weight in weights))


def breaches(found: Rescored, bounds: Bounds) -> tuple[Breach, ...]:
    """Which bounds are not kept; a figure that is no number keeps none."""
    kept: dict[Breach, bool] = {
        "mean": found.mean <= bounds.mean,
        "p99": found.p99 <= bounds.p99,
        "token-share": found.token_share >= bounds.token_share,
    }
    return tuple(name for name, holds in kept.items() if not holds)
