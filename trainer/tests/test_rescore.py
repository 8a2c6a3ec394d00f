"""Whether recorded samples are of these weights."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny import attempt, solve_group, tiny_model, vocabulary

from autodidact_trainer.rescoring.rescore import (
    SAME_WEIGHTS,
    Rescored,
    breaches,
    effective_share,
    rescore,
    summarise,
)
from autodidact_trainer.rollouts.rollout import Completion, Rollout, make_rollout
from autodidact_trainer.training.step import StepSettings

if TYPE_CHECKING:
    from transformers import PreTrainedModel


def sampled(model: PreTrainedModel, count: int) -> Rollout:
    """Completions drawn from a model, with the log-probabilities that it drew them with."""
    torch.manual_seed(1)
    made = make_rollout(solve_group([attempt([b"4"])]), vocabulary())
    assert isinstance(made, Rollout)
    completions = []
    for index in range(count):
        tokens: list[int] = []
        logprobs: list[float] = []
        for _ in range(6):
            logits = model(input_ids=torch.tensor([[*made.prompt, *tokens]])).logits[0, -1]
            probabilities = torch.softmax(logits, -1)
            tokens.append(int(torch.multinomial(probabilities, 1)))
            logprobs.append(log(float(probabilities[tokens[-1]].detach())))
        completions.append(Completion(index, tuple(tokens), tuple(logprobs), end_imputed=False))
    return Rollout(**{**vars(made), "completions": tuple(completions)})


def test_its_own_samples_are_found_to_be() -> None:
    model = tiny_model()
    found = rescore(model, [sampled(model, 8)], StepSettings())
    assert found is not None
    assert (found.completions, found.tokens) == (8, 48)
    assert found.p99 < 1e-4
    assert found.token_share == pytest.approx(1, abs=1e-4)
    assert found.completion_share == pytest.approx(1, abs=1e-4)
    assert breaches(found, SAME_WEIGHTS) == ()


def test_another_model_s_are_not() -> None:
    found = rescore(tiny_model(seed=1), [sampled(tiny_model(), 8)], StepSettings())
    assert found is not None
    assert breaches(found, SAME_WEIGHTS) == ("mean", "p99", "token-share")


def test_an_imputed_end_is_left_out() -> None:
    made = make_rollout(
        solve_group([attempt([b"4"], finish="end"), attempt([], 1, finish="end")]), vocabulary()
    )
    assert isinstance(made, Rollout)
    found = rescore(tiny_model(), [made], StepSettings())
    assert found is not None
    assert (found.completions, found.tokens) == (1, 1)
    assert (
        rescore(
            tiny_model(), [Rollout(**{**vars(made), "completions": made.completions[1:]})], StepSettings()
        )
        is None
    )


class TestFigures:
    def test_of_three_completions(self) -> None:
        found = summarise([[0.1, -0.1], [0.0], [-0.4, 0.4]])
        assert (found.completions, found.tokens, found.p99) == (3, 5, 0.4)
        assert found.mean == pytest.approx(0.2)
        # Each completion's differences cancel out, the tokens' do not.
        assert found.completion_share == pytest.approx(1)
        assert found.token_share < 0.95

    def test_share_of_one_that_outweighs_the_rest(self) -> None:
        assert effective_share([log(3), 0, 0]) == pytest.approx(25 / 33)

    @given(st.lists(st.floats(-500, 500), min_size=1, max_size=64))
    def test_share_is_between_one_of_them_and_all(self, logarithms: list[float]) -> None:
        share = effective_share(logarithms)
        assert 1 / len(logarithms) <= share * (1 + 1e-9)
        assert share <= 1 + 1e-9
        assert effective_share([one + exp(3) for one in logarithms]) == pytest.approx(share)

    def test_what_is_no_number_keeps_no_bound(self) -> None:
        nan = float("nan")
        assert breaches(Rescored(1, 1, nan, nan, nan, nan), SAME_WEIGHTS) == ("mean", "p99", "token-share")
