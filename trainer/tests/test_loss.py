"""The loss token by token."""

from __future__ import annotations

from math import exp, log, nan
from typing import Any, NamedTuple

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autodidact_trainer.policy.scoring import Scores
from autodidact_trainer.training.loss import Terms, TokenTargets, token_loss

LOGPROBS = st.floats(-8, 0)
ADVANTAGES = st.floats(-3, 3)


class Told(NamedTuple):
    """What became of one token; `slope` is the loss's gradient by its log-probability."""

    loss: float
    ratio: float
    weight: float
    clipped: bool
    slope: float


def one_token(
    new: float, *, old: float = nan, sampler: float = nan, advantage: float = 1.0, **others: Any
) -> Told:
    """The loss of one token, with `reference` and `terms` where they are given."""
    logprobs = torch.tensor([float(new)], requires_grad=True)
    reference = others.get("reference")
    found = token_loss(
        Scores(logprobs, torch.tensor([0.5])),
        TokenTargets(
            sampler=torch.tensor([float(sampler)]),
            old=torch.tensor([float(old)]),
            reference=None if reference is None else torch.tensor([float(reference)]),
            advantage=torch.tensor([float(advantage)]),
            clip_high=torch.tensor([1.28]),
        ),
        others.get("terms", Terms()),
    )
    (slope,) = torch.autograd.grad(found.loss.sum(), logprobs)
    return Told(
        found.loss.item(), found.ratio.item(), found.weight.item(), bool(found.clipped.item()), slope.item()
    )


class TestRatio:
    @pytest.mark.parametrize("advantage", [2.0, -2.0])
    def test_is_1_where_the_policy_is_the_published_one(self, advantage: float) -> None:
        told = one_token(-1, sampler=-1, advantage=advantage)
        assert told == Told(loss=-advantage, ratio=1, weight=1, clipped=False, slope=-advantage)

    @pytest.mark.parametrize(
        ("ratio", "advantage", "loss", "slope"),
        [
            (1.2, 1.0, -1.2, -1.2),
            (1.5, 1.0, -1.28, 0.0),
            (0.5, 1.0, -0.5, -0.5),
            (0.5, -1.0, 0.8, 0.0),
            (1.5, -1.0, 1.5, 1.5),
        ],
    )
    def test_is_clipped_where_it_has_gone_far_enough(
        self, ratio: float, advantage: float, loss: float, slope: float
    ) -> None:
        told = one_token(-1 + log(ratio), old=-1, advantage=advantage)
        assert told.loss == pytest.approx(loss, abs=1e-5)
        assert told.slope == pytest.approx(slope, abs=1e-5)
        assert told.clipped == (slope == 0)


class TestWeight:
    @pytest.mark.parametrize(("sampler", "weight"), [(-1.5, exp(0.5)), (-0.5, exp(-0.5)), (-4.0, 2.0)])
    def test_is_of_trainer_to_sampler_and_bounded(self, sampler: float, weight: float) -> None:
        told = one_token(-1, old=-1, sampler=sampler)
        assert told.weight == pytest.approx(weight)
        # It scales the gradient and adds none of its own.
        assert told.slope == pytest.approx(-weight)

    def test_is_1_for_an_end_that_was_imputed(self) -> None:
        assert one_token(-1, old=-2).weight == 1

    @given(LOGPROBS, LOGPROBS, LOGPROBS, ADVANTAGES)
    def test_an_advantage_never_pushes_against_itself(
        self, new: float, old: float, sampler: float, advantage: float
    ) -> None:
        assert one_token(new, old=old, sampler=sampler, advantage=advantage).slope * advantage <= 0


class TestTerms:
    def test_kl_is_0_at_the_reference_and_grows_from_there(self) -> None:
        terms = Terms(kl=0.1)
        at = one_token(-1, advantage=0, reference=-1, terms=terms)
        off = one_token(-1, advantage=0, reference=-2, terms=terms)
        assert (at.loss, at.slope) == (0, 0)
        assert off.loss == pytest.approx(0.1 * (exp(-1) + 1 - 1))
        # Downhill is towards the reference.
        assert off.slope > 0

    def test_entropy_is_taken_off(self) -> None:
        plain, paid = one_token(-1), one_token(-1, terms=Terms(entropy=0.1))
        assert plain.loss - paid.loss == pytest.approx(0.05)
