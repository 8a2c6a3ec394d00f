"""One step of the optimiser over a batch of groups."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import torch

from autodidact_trainer.policy.prefix_tree import build_tree
from autodidact_trainer.policy.scoring import score_tree
from autodidact_trainer.training.batch import micro_batches, token_targets
from autodidact_trainer.training.loss import Terms, supervised_loss, token_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedModel

    from autodidact_trainer.training.batch import Logprobs, TrainingSample
    from autodidact_trainer.training.loss import TokenLoss


@dataclass(frozen=True)
class StepSettings:
    """How a step is computed. None of it but `terms`, `most_gradient` and `autocast` changes what it does."""

    terms: Terms = field(default_factory=Terms)
    autocast: bool = False
    most_nodes: int = 2048
    """Nodes of a tree in one pass; memory grows with them, and with their square for the mask."""
    most_gradient: float = 1.0
    """The gradient's norm is scaled down to this."""


@dataclass(frozen=True)
class StepDone:
    """A step that was taken. `nodes`: tokens computed; `tokens`: tokens trained; means are over these."""

    loss: float
    gradient: float
    """Norm before it was scaled."""
    tokens: int
    nodes: int
    ratio: float
    weight: float
    clipped: float
    """Share of tokens."""


@dataclass(frozen=True)
class StepSkipped:
    """A step that was not taken; the weights are as before. All reasons but `nothing-to-learn` are cause for alarm."""

    reason: Literal["nothing-to-learn", "non-finite-loss", "non-finite-gradient"]


@dataclass
class _Sums:
    loss: float = 0.0
    ratio: float = 0.0
    weight: float = 0.0
    clipped: float = 0.0
    nodes: int = 0

    def add(self, found: TokenLoss, nodes: int) -> None:
        self.loss += float(found.loss.detach().sum())
        self.ratio += float(found.ratio.sum())
        self.weight += float(found.weight.sum())
        self.clipped += float(found.clipped.sum())
        self.nodes += nodes


def make_optimizer(policy: PreTrainedModel, learning_rate: float) -> torch.optim.AdamW:
    """AdamW without decay of weights, as the papers have it, over what is trained."""
    trained = [parameter for parameter in policy.parameters() if parameter.requires_grad]
    return torch.optim.AdamW(trained, lr=learning_rate, betas=(0.9, 0.999), weight_decay=0.0)


def train_step(
    policy: PreTrainedModel,
    optimizer: torch.optim.Optimizer,
    samples: Sequence[TrainingSample],
    settings: StepSettings,
    *,
    supervised: bool = False,
) -> StepDone | StepSkipped:
    """Moves the weights once. The loss is a mean over the completion tokens of the whole batch.

    `supervised`: each token is right, whoever wrote it; advantages and log-probabilities of the samples are not looked at.

    A loss or a gradient that is no finite number leaves weights and optimiser as they were.
    """
    tokens = sum(len(sample.sequel.completion) for sample in samples)
    if tokens == 0:
        return StepSkipped("nothing-to-learn")
    sums = _Sums()
    optimizer.zero_grad(set_to_none=True)
    for part in micro_batches(samples, settings.most_nodes):
        tree = build_tree([sample.sequel for sample in part])
        scores = score_tree(policy, tree, autocast=settings.autocast, entropy=settings.terms.entropy != 0)
        found = (
            supervised_loss(scores)
            if supervised
            else token_loss(scores, token_targets(part, policy.device), settings.terms)
        )
        sums.add(found, len(tree.tokens))
        if not math.isfinite(sums.loss):
            optimizer.zero_grad(set_to_none=True)
            return StepSkipped("non-finite-loss")
        (found.loss.sum() / tokens).backward()
    trained = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    gradient = float(torch.nn.utils.clip_grad_norm_(trained, settings.most_gradient))
    if not math.isfinite(gradient):
        optimizer.zero_grad(set_to_none=True)
        return StepSkipped("non-finite-gradient")
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return StepDone(
        loss=sums.loss / tokens,
        gradient=gradient,
        tokens=tokens,
        nodes=sums.nodes,
        ratio=sums.ratio / tokens,
        weight=sums.weight / tokens,
        clipped=sums.clipped / tokens,
    )


def score_samples(
    policy: PreTrainedModel, samples: Sequence[TrainingSample], settings: StepSettings
) -> list[tuple[TrainingSample, Logprobs]]:
    """Log-probabilities of every token of each sample, without gradient. The order of the samples may change."""
    scored: list[tuple[TrainingSample, Logprobs]] = []
    with torch.no_grad():
        for part in micro_batches(samples, settings.most_nodes):
            tree = build_tree([sample.sequel for sample in part])
            found = score_tree(policy, tree, autocast=settings.autocast).logprobs.split(tree.lengths)
            scored += [(sample, tuple(one.tolist())) for sample, one in zip(part, found, strict=True)]
    return scored


def with_old(
    policy: PreTrainedModel, samples: Sequence[TrainingSample], settings: StepSettings
) -> list[TrainingSample]:
    """Notes the policy's log-probabilities as those of the published version, before more than one step is taken on samples."""
    return [replace(sample, old=old) for sample, old in score_samples(policy, samples, settings)]


def with_reference(
    base: PreTrainedModel, samples: Sequence[TrainingSample], settings: StepSettings
) -> list[TrainingSample]:
    """Notes the log-probabilities of the model that a KL term keeps the policy near."""
    return [replace(sample, reference=given) for sample, given in score_samples(base, samples, settings)]
