"""Ambiguity-dynamic policy optimisation (Agent0, arXiv 2511.16043, section on the executor; figures from its released code)."""

from __future__ import annotations

from math import fsum, sqrt
from typing import TYPE_CHECKING

from autodidact_trainer.advantages.leave_one_out import has_spread

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_SCALE = 0.6
"""m: what an advantage is worth where p̂ ≤ 0.3."""

CLIP = 0.2
"""ε: the upper clip where p̂ ≥ 0.8."""

# A group's deviation is never divided by less; GRPO's implementations add as much.
_EPSILON = 1e-6


def group_normalised(rewards: Sequence[float]) -> list[float] | None:
    """A = (r - mean) / (sample deviation + 1e-6) within a group (GRPO, arXiv 2402.03300); None where all are equal."""
    if not has_spread(rewards):
        return None
    count = len(rewards)
    mean = fsum(rewards) / count
    deviation = sqrt(fsum((reward - mean) ** 2 for reward in rewards) / (count - 1))
    return [(reward - mean) / (deviation + _EPSILON) for reward in rewards]


def ambiguity_scale(agreement: float) -> float:
    """s(p̂) = m + (1 - m) · clip((p̂ - 0.3) / 0.5, 0, 1): a majority that is no more than one moves the weights less."""
    return LEAST_SCALE + (1 - LEAST_SCALE) * _unit((agreement - 0.3) / 0.5)


def ambiguity_clip(agreement: float) -> float:
    """1 + ε(p̂), ε(p̂) = ε + 0.1 · clip((0.8 - p̂) / 0.5, 0, 1): where p̂ is low, unlikely tokens may rise further."""
    return 1 + CLIP + 0.1 * _unit((0.8 - agreement) / 0.5)


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
