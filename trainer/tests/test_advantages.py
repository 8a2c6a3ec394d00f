"""Advantages: worked examples, and what holds for any rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodidact_trainer.advantages.adpo import ambiguity_clip, ambiguity_scale, group_normalised
from autodidact_trainer.advantages.assign import CLIP_HIGH, assign_advantages
from autodidact_trainer.advantages.cells import MOST, proposer_cell, whitened
from autodidact_trainer.advantages.leave_one_out import leave_one_out
from autodidact_trainer.rollouts.rollout import Rollout, Scored

if TYPE_CHECKING:
    from autodidact_trainer.rollouts.records import Estimator, Kind, Role

REWARDS = st.lists(st.floats(-1, 1).map(lambda value: round(value, 3)), min_size=1, max_size=32)


def rollout(
    rewards: list[float],
    *,
    estimator: Estimator = "leave-one-out",
    kind: Kind = "deduction",
    role: Role = "solve",
    agreement: float | None = None,
) -> Rollout:
    """A group with these rewards and nothing else."""
    return Rollout(
        group="g",
        digest="d",
        kind=kind,
        role=role,
        estimator=estimator,
        prompt=(0,),
        scored=tuple(Scored(reward, agreement) for reward in rewards),
        completions=(),
        refused=(),
    )


def values(rollouts: list[Rollout]) -> list[list[float] | None]:
    """The advantages alone."""
    return [
        None if one is None else [advantage.value for advantage in one] for one in assign_advantages(rollouts)
    ]


class TestLeaveOneOut:
    def test_one_right_of_four(self) -> None:
        assert leave_one_out([1, 0, 0, 0]) == pytest.approx([1, -1 / 3, -1 / 3, -1 / 3])

    def test_is_the_reward_less_the_mean_of_the_others(self) -> None:
        assert leave_one_out([0.2, 0.5, 1.1]) == pytest.approx([0.2 - 0.8, 0.5 - 0.65, 1.1 - 0.35])

    @pytest.mark.parametrize("rewards", [[], [1], [0, 0, 0], [0.3] * 8])
    def test_without_spread_nothing_is_learnt(self, rewards: list[float]) -> None:
        assert leave_one_out(rewards) is None

    @given(REWARDS, st.floats(-10, 10))
    def test_sums_to_nothing_and_does_not_know_the_scale_s_origin(
        self, rewards: list[float], shift: float
    ) -> None:
        found = leave_one_out(rewards)
        if found is None:
            return
        assert sum(found) == pytest.approx(0, abs=1e-9)
        assert leave_one_out([reward + shift for reward in rewards]) == pytest.approx(found, abs=1e-6)

    @given(REWARDS)
    def test_keeps_the_order(self, rewards: list[float]) -> None:
        found = leave_one_out(rewards)
        if found is not None:
            assert [rewards[place] for place in sorted(range(len(found)), key=found.__getitem__)] == sorted(
                rewards
            )


class TestProposerCell:
    def test_a_rare_success_is_bounded(self) -> None:
        # mean 1/64, deviation 0.124: 7.9 without the bound.
        found = proposer_cell([1.0] + [0.0] * 63)
        assert found is not None
        assert found[0] == MOST
        assert found[1] == pytest.approx(-(1 / 64) / (63**0.5 / 64))

    def test_small_differences_are_not_blown_up(self) -> None:
        assert proposer_cell([0.50, 0.51]) == pytest.approx([-0.05, 0.05])

    @given(REWARDS)
    def test_is_bounded_and_ordered(self, rewards: list[float]) -> None:
        found = proposer_cell(rewards)
        if found is None:
            assert len(set(rewards)) == 1
            return
        assert all(-MOST <= value <= MOST for value in found)
        assert found[rewards.index(max(rewards))] == max(found) > 0 > min(found)


class TestWhitened:
    def test_absolute_zero_s_composite(self) -> None:
        # Right, wrong, unreadable: mean -1/6, deviation 0.85.
        assert whitened([1, -0.5, -1]) == pytest.approx([1.3728, -0.3922, -0.9806], abs=1e-4)

    @given(REWARDS)
    def test_has_mean_0_and_deviation_1(self, rewards: list[float]) -> None:
        found = whitened(rewards)
        if found is not None:
            assert sum(found) / len(found) == pytest.approx(0, abs=1e-6)
            assert sum(value**2 for value in found) / len(found) == pytest.approx(1, abs=1e-6)


class TestAdpo:
    @pytest.mark.parametrize(
        ("agreement", "scale", "clip"),
        [(0, 0.6, 1.3), (0.3, 0.6, 1.3), (0.55, 0.8, 1.25), (0.8, 1, 1.2), (1, 1, 1.2)],
    )
    def test_the_released_code_s_figures(self, agreement: float, scale: float, clip: float) -> None:
        assert ambiguity_scale(agreement) == pytest.approx(scale)
        assert ambiguity_clip(agreement) == pytest.approx(clip)

    def test_group_normalised(self) -> None:
        assert group_normalised([1, 0, 0, 0]) == pytest.approx([1.5, -0.5, -0.5, -0.5], abs=1e-5)

    @given(st.floats(0, 1), st.floats(0, 1))
    def test_the_less_agreed_the_smaller_the_step_and_the_wider_the_clip(self, a: float, b: float) -> None:
        low, high = sorted((a, b))
        assert ambiguity_scale(low) <= ambiguity_scale(high)
        assert ambiguity_clip(low) >= ambiguity_clip(high)


class TestAssign:
    def test_solvers_stand_against_siblings_and_proposers_against_their_cell(self) -> None:
        found = values(
            [
                rollout([1, 0]),
                rollout([0, 0], role="propose"),
                rollout([1, 1], role="propose"),
                rollout([0, 0]),
            ]
        )
        assert found == [[1, -1], [-1, -1], [1, 1], None]

    def test_cells_are_kept_apart(self) -> None:
        alone = values([rollout([1, 0, 0], estimator="trr++")])
        beside = values(
            [
                rollout([1, 0, 0], estimator="trr++"),
                rollout([5, 7], estimator="trr++", kind="abduction"),
                rollout([9, 3], estimator="trr++", role="propose"),
                rollout([9, 3]),
            ]
        )
        assert beside[0] == alone[0]

    def test_adpo_scales_where_the_label_is_a_majority_s(self) -> None:
        plain, unsure = assign_advantages(
            [rollout([1, 0], estimator="adpo"), rollout([1, 0], estimator="adpo", agreement=0.3)]
        )
        assert plain is not None
        assert unsure is not None
        assert unsure[0].value == pytest.approx(0.6 * plain[0].value)
        assert plain[0].clip_high == CLIP_HIGH
        assert unsure[0].clip_high == pytest.approx(1.3)

    @given(st.lists(REWARDS, max_size=6), st.sampled_from(["leave-one-out", "trr++", "adpo"]))
    def test_gives_each_sample_one_or_the_group_none(
        self, groups: list[list[float]], estimator: Estimator
    ) -> None:
        for role in ("solve", "propose"):
            rollouts = [rollout(rewards, estimator=estimator, role=role) for rewards in groups]
            for one, rewards in zip(assign_advantages(rollouts), groups, strict=True):
                assert one is None or len(one) == len(rewards)
