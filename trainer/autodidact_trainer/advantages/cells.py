"""A sample's reward against all of its cell (kind and role) in the batch."""

from __future__ import annotations

from math import fsum, sqrt
from typing import TYPE_CHECKING

from autodidact_trainer.advantages.leave_one_out import has_spread

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_DEVIATION = 0.1
"""A cell with one success in a hundred has a deviation of 0.1. Below it, one more would move the weights by luck."""

MOST = 3.0


def proposer_cell(rewards: Sequence[float]) -> list[float] | None:
    """A = (r - mean) / max(deviation, 0.1), kept between -3 and 3; None where all are equal.

    Over a cell, not over a group: the proposals of a group are often all worthless, and that is news to the proposer. The
    bounds are for rare successes, which would count most where they are rarest.
    """
    if not has_spread(rewards):
        return None
    mean, deviation = _moments(rewards)
    scale = max(deviation, LEAST_DEVIATION)
    return [min(MOST, max(-MOST, (reward - mean) / scale)) for reward in rewards]


def whitened(rewards: Sequence[float]) -> list[float] | None:
    """A = (r - mean) / deviation over a cell; None where all are equal.

    TRR++ (Absolute Zero, arXiv 2505.03335, section 3.3.5). Its released code takes mean and deviation over tokens, so that
    long answers decide the baseline; here each sample counts once, as in the paper's equation.
    """
    if not has_spread(rewards):
        return None
    mean, deviation = _moments(rewards)
    # Rewards that differ by less than what a float can square.
    return None if deviation == 0 else [(reward - mean) / deviation for reward in rewards]


def _moments(rewards: Sequence[float]) -> tuple[float, float]:
    mean = fsum(rewards) / len(rewards)
    return mean, sqrt(fsum((reward - mean) ** 2 for reward in rewards) / len(rewards))
