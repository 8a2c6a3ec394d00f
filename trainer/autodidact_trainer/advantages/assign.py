"""Advantages for a batch of groups, each by the estimator that its record names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autodidact_trainer.advantages.adpo import ambiguity_clip, ambiguity_scale, group_normalised
from autodidact_trainer.advantages.cells import proposer_cell, whitened
from autodidact_trainer.advantages.leave_one_out import leave_one_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autodidact_trainer.rollouts.records import Estimator, Kind, Role
    from autodidact_trainer.rollouts.rollout import Rollout, Scored

CLIP_HIGH = 1.28
"""Upper bound of the ratio (DAPO, arXiv 2503.14476, section 3.1)."""


@dataclass(frozen=True)
class Advantage:
    """What the tokens of one sample are worth, and how far a ratio may push them."""

    value: float
    clip_high: float = CLIP_HIGH


def assign_advantages(rollouts: Sequence[Rollout]) -> list[tuple[Advantage, ...] | None]:
    """For each group an advantage of each of its samples, or None where nothing can be learnt from it.

    `leave-one-out`: solvers against their siblings, proposers against their cell; `trr++`: all against their cell; `adpo`:
    all against their siblings. A cell is all groups of the batch of one kind, role and estimator.
    """
    cells: defaultdict[tuple[Kind, Role, Estimator], list[int]] = defaultdict(list)
    assigned: list[tuple[Advantage, ...] | None] = [None] * len(rollouts)
    for place, rollout in enumerate(rollouts):
        if _of_cell(rollout) is None:
            assigned[place] = _within(rollout)
        else:
            cells[rollout.kind, rollout.role, rollout.estimator].append(place)
    for places in cells.values():
        estimate = _of_cell(rollouts[places[0]])
        values = (
            None
            if estimate is None
            else estimate([scored.reward for place in places for scored in rollouts[place].scored])
        )
        if values is None:
            continue
        rest = iter(values)
        for place in places:
            assigned[place] = tuple(Advantage(next(rest)) for _ in rollouts[place].scored)
    return assigned


def _of_cell(rollout: Rollout) -> Callable[[Sequence[float]], list[float] | None] | None:
    """How a group's cell is normalised; None where the group stands alone."""
    if rollout.estimator == "trr++":
        return whitened
    return proposer_cell if rollout.estimator == "leave-one-out" and rollout.role == "propose" else None


def _within(rollout: Rollout) -> tuple[Advantage, ...] | None:
    rewards = [scored.reward for scored in rollout.scored]
    if rollout.estimator == "leave-one-out":
        values = leave_one_out(rewards)
        return None if values is None else tuple(map(Advantage, values))
    values = group_normalised(rewards)
    if values is None:
        return None
    return tuple(_scaled(value, scored) for value, scored in zip(values, rollout.scored, strict=True))


def _scaled(value: float, scored: Scored) -> Advantage:
    if scored.agreement is None:
        return Advantage(value)
    return Advantage(value * ambiguity_scale(scored.agreement), ambiguity_clip(scored.agreement))
