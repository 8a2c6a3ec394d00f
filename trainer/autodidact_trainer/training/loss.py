"""The policy gradient's loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from autodidact_trainer.policy.scoring import Scores

CLIP_LOW = 0.8
"""Lower bound of the ratio (PPO, arXiv 1707.06347)."""

MOST_WEIGHT = 2.0
"""Upper bound of the correction for the sampler (truncated importance sampling)."""


@dataclass(frozen=True)
class Terms:
    """What is added to the policy gradient; 0 leaves it out."""

    kl: float = 0.0
    entropy: float = 0.0


@dataclass(frozen=True)
class TokenTargets:
    """For the same tokens as `Scores`, float32 [tokens].

    `sampler`: log μ as the sampler recorded it, NaN for an end that was imputed; `old`: log π of the published version, NaN
    where that is the policy as it stands; `reference`: log π of the base, where a KL term asks for it.
    """

    sampler: torch.Tensor
    old: torch.Tensor
    reference: torch.Tensor | None
    advantage: torch.Tensor
    clip_high: torch.Tensor


@dataclass(frozen=True)
class TokenLoss:
    """Loss of each token, and what a person watches: the ratio and the sampler's weight, without gradient."""

    loss: torch.Tensor
    ratio: torch.Tensor
    weight: torch.Tensor
    clipped: torch.Tensor


def token_loss(scores: Scores, targets: TokenTargets, terms: Terms) -> TokenLoss:
    """Per token -w * min(ratio * A, clip(ratio, 0.8, high) * A), ratio = pi / pi_old, w = min(pi_old / mu, 2).

    The clip is PPO's (arXiv 1707.06347, equation 7) with DAPO's higher upper bound (arXiv 2503.14476, section 3.1); the weight
    corrects for a sampler with other weights or arithmetic (quantised, in Ollama) and has no gradient. KL is the estimator
    exp(d) - d - 1, d = log pi_ref - log pi (Schulman's k3, as in GRPO, arXiv 2402.03300, equation 4).
    """
    new = scores.logprobs
    old = torch.where(targets.old.isnan(), new.detach(), targets.old)
    sampler = torch.where(targets.sampler.isnan(), old, targets.sampler)
    weight = (old - sampler).exp().clamp(max=MOST_WEIGHT)
    ratio = (new - old).exp()
    bounded = torch.minimum(ratio.clamp(min=CLIP_LOW), targets.clip_high)
    gain, bounded_gain = ratio * targets.advantage, bounded * targets.advantage
    loss = -weight * torch.minimum(gain, bounded_gain)
    if terms.kl and targets.reference is not None:
        difference = targets.reference - new
        loss = loss + terms.kl * (difference.exp() - difference - 1)
    if terms.entropy and scores.entropies is not None:
        loss = loss - terms.entropy * scores.entropies
    return TokenLoss(loss, ratio.detach(), weight, (bounded_gain < gain).detach())


def supervised_loss(scores: Scores) -> TokenLoss:
    """Cross entropy: -log pi of each token that is right. Ratio and weight have no meaning here, and are 1."""
    loss = -scores.logprobs
    ones = torch.ones_like(loss)
    return TokenLoss(loss, ones, ones, torch.zeros_like(loss))
