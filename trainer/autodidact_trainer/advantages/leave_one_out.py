"""A sample's reward against its siblings'."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def leave_one_out(rewards: Sequence[float]) -> list[float] | None:
    """Aᵢ = rᵢ - mean of the other rewards of the group = n / (n - 1) · (rᵢ - r̄).

    RLOO (Ahmadian et al., arXiv 2402.14740, section 2.2). None where all are equal, or there is one: nothing can be told.
    """
    count = len(rewards)
    if not has_spread(rewards):
        return None
    mean = fsum(rewards) / count
    return [count / (count - 1) * (reward - mean) for reward in rewards]


def has_spread(rewards: Sequence[float]) -> bool:
    """Whether not all rewards are equal."""
    return bool(rewards) and min(rewards) < max(rewards)
