"""Groups with their advantages as samples, and samples as trees that fit into memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from autodidact_trainer.advantages.assign import Advantage, assign_advantages
from autodidact_trainer.policy.prefix_tree import Sequel, shared_prefix
from autodidact_trainer.training.loss import TokenTargets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autodidact_trainer.rollouts.rollout import Completion, Rollout

Logprobs = tuple[float, ...]


@dataclass(frozen=True)
class TrainingSample:
    """One completion with what its tokens are worth.

    `old` and `reference` are log-probabilities of every token, an imputed end included; None where the policy as it stands is
    the published one, and where nothing asks for a reference.
    """

    sequel: Sequel
    sampler: Logprobs
    """As recorded: one less than there are tokens where the end was imputed."""
    advantage: Advantage
    old: Logprobs | None = None
    reference: Logprobs | None = None


def training_samples(rollouts: Sequence[Rollout]) -> list[TrainingSample]:
    """What a batch of groups gives to train on; nothing of groups from which nothing can be learnt."""
    samples = []
    for rollout, advantages in zip(rollouts, assign_advantages(rollouts), strict=True):
        if advantages is None:
            continue
        samples += [
            _sample(rollout, completion, advantages[completion.index]) for completion in rollout.completions
        ]
    return samples


def _sample(rollout: Rollout, completion: Completion, advantage: Advantage) -> TrainingSample:
    return TrainingSample(Sequel(rollout.prompt, completion.tokens), completion.logprobs, advantage)


def micro_batches(samples: Sequence[TrainingSample], most_nodes: int) -> list[list[TrainingSample]]:
    """Divides a batch so that each part's tree has at most so many nodes, siblings and like prompts together.

    Samples come in the order of their tokens: then what a sample adds to a tree is what it does not share with the one before
    it. One sample that is larger goes alone.
    """
    parts: list[list[TrainingSample]] = []
    nodes = 0
    before: tuple[int, ...] = ()
    for sample in sorted(samples, key=_tokens):
        tokens = _tokens(sample)
        added = len(tokens) - shared_prefix(before, tokens)
        if not parts or nodes + added > most_nodes:
            parts.append([])
            nodes, added = 0, len(tokens)
        parts[-1].append(sample)
        nodes += added
        before = tokens
    return parts


def _tokens(sample: TrainingSample) -> tuple[int, ...]:
    """The tokens that are computed: the last one of a completion is only predicted."""
    return (*sample.sequel.prompt, *sample.sequel.completion[:-1])


def token_targets(samples: Sequence[TrainingSample], device: torch.device) -> TokenTargets:
    """Targets of all tokens of some samples, one after another."""
    lengths = [len(sample.sequel.completion) for sample in samples]

    def of_samples(values: list[float]) -> torch.Tensor:
        return torch.tensor(values, device=device).repeat_interleave(torch.tensor(lengths, device=device))

    def of_tokens(values: list[Logprobs | None]) -> torch.Tensor:
        filled = [
            [*(given or ()), *[float("nan")] * (length - len(given or ()))]
            for given, length in zip(values, lengths, strict=True)
        ]
        return torch.tensor([value for row in filled for value in row], device=device)

    has_reference = all(sample.reference is not None for sample in samples)
    return TokenTargets(
        sampler=of_tokens([sample.sampler for sample in samples]),
        old=of_tokens([sample.old for sample in samples]),
        reference=of_tokens([sample.reference for sample in samples]) if has_reference else None,
        advantage=of_samples([sample.advantage.value for sample in samples]),
        clip_high=of_samples([sample.advantage.clip_high for sample in samples]),
    )
