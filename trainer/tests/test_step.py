"""A step moves the weights the right way, or not at all."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny import attempt, solve_group, tiny_model, vocabulary

from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.load import load_base
from autodidact_trainer.policy.adapt import FullWeights, Lora, adapt
from autodidact_trainer.policy.prefix_tree import build_tree
from autodidact_trainer.rollouts.rollout import Rollout, make_rollout
from autodidact_trainer.training.batch import TrainingSample, micro_batches, training_samples
from autodidact_trainer.training.loss import Terms
from autodidact_trainer.training.step import (
    StepDone,
    StepSettings,
    StepSkipped,
    make_optimizer,
    score_samples,
    train_step,
    with_old,
    with_reference,
)

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedModel

    from autodidact_trainer.base.vocabulary import Vocabulary
    from autodidact_trainer.rollouts.records import ProposeGroup, SolveGroup

ONE_RIGHT = [
    attempt([b"4", b"\n"]),
    attempt([b"5", b"\n"], 1),
    attempt([b"re", b"t"], 2, finish="length"),
    attempt([], 3, finish="end"),
]
# The right one ends by a delimiter, or by itself; the wrong one goes on until it is cut.
BY_DELIMITER = [attempt([b"4", b"\n"]), attempt([b"5", b"re", b"t"], 1, finish="length")]
BY_ITSELF = [attempt([b"4"], finish="end"), attempt([b"5", b"re", b"t"], 1, finish="length")]
FULL = FullWeights(learning_rate=1e-3)
LORA = Lora(learning_rate=1e-3)


def samples_of(attempts: list[dict[str, Any]]) -> list[TrainingSample]:
    """What a group of these attempts gives."""
    rollout = make_rollout(solve_group(attempts), vocabulary())
    assert isinstance(rollout, Rollout)
    return training_samples([rollout])


def on_policy(policy: PreTrainedModel, attempts: list[dict[str, Any]]) -> list[TrainingSample]:
    """The same, as if the policy itself had sampled them."""
    return [
        replace(sample, sampler=logprobs[: len(sample.sampler)])
        for sample, logprobs in score_samples(policy, samples_of(attempts), StepSettings())
    ]


def policy_of(how: Lora | FullWeights = FULL) -> PreTrainedModel:
    """A tiny random policy, the same each time."""
    return adapt(tiny_model(), how)


def weights(policy: PreTrainedModel) -> list[torch.Tensor]:
    """What is trained."""
    return [parameter.detach().clone() for parameter in policy.parameters() if parameter.requires_grad]


def stepped(
    attempts: list[dict[str, Any]], how: Lora | FullWeights = FULL, settings: StepSettings | None = None
) -> tuple[StepDone, list[torch.Tensor]]:
    """One step, and the weights after it."""
    policy = policy_of(how)
    done = train_step(
        policy, make_optimizer(policy, how.learning_rate), samples_of(attempts), settings or StepSettings()
    )
    assert isinstance(done, StepDone)
    return done, weights(policy)


@pytest.mark.parametrize("how", [FULL, LORA])
@pytest.mark.parametrize("attempts", [BY_DELIMITER, BY_ITSELF])
def test_raises_each_token_of_the_right_answer_its_end_included(
    how: Lora | FullWeights, attempts: list[dict[str, Any]]
) -> None:
    policy = policy_of(how)
    samples = on_policy(policy, attempts)
    before = dict(score_samples(policy, samples, StepSettings()))
    train_step(policy, make_optimizer(policy, how.learning_rate), samples, StepSettings())
    after = dict(score_samples(policy, samples, StepSettings()))
    right, wrong = sorted(samples, key=lambda sample: -sample.advantage.value)
    assert right.advantage.value > 0
    assert all(new > old for new, old in zip(after[right], before[right], strict=True))
    assert sum(after[wrong]) < sum(before[wrong])


def test_smollm2_learns_a_right_answer_and_to_end_it(
    recorded: list[ProposeGroup | SolveGroup], smollm2: Path, smollm2_vocabulary: Vocabulary
) -> None:
    """The real model on a recorded group, of which one attempt is made out to be right."""
    rollout = make_rollout(recorded[1], smollm2_vocabulary)
    assert isinstance(rollout, Rollout)
    scored = (replace(rollout.scored[0], reward=1.0), *rollout.scored[1:])
    samples = training_samples([replace(rollout, scored=scored)])[:3]
    settings = StepSettings(autocast=True)
    torch.manual_seed(0)
    policy = adapt(load_base(smollm2, read_gguf(smollm2).architecture), Lora())
    before = dict(score_samples(policy, samples, settings))
    done = train_step(policy, make_optimizer(policy, 1e-3), samples, settings)
    after = dict(score_samples(policy, samples, settings))
    assert isinstance(done, StepDone)
    right = samples[0]
    assert smollm2_vocabulary.id_of(b"\n") == right.sequel.completion[-1]
    assert after[right][-1] > before[right][-1]
    assert sum(after[right]) > sum(before[right])


class TestLoss:
    def test_is_a_mean_over_the_tokens_of_the_batch(self) -> None:
        # 2, 2, 2 and 1 tokens; advantages 1 and three times -1/3; each ratio is 1, and so is the weight of the imputed end.
        policy = policy_of()
        samples = on_policy(policy, ONE_RIGHT)
        done = train_step(policy, make_optimizer(policy, 1e-2), samples, StepSettings())
        assert isinstance(done, StepDone)
        assert done.tokens == 7
        assert done.weight == pytest.approx(1)
        assert done.loss == pytest.approx(-(2 * 1 - (2 + 2 + 1) / 3) / 7, abs=1e-6)

    @pytest.mark.parametrize("most_nodes", [1, 12, 2048])
    def test_does_not_depend_on_how_it_is_divided(self, most_nodes: int) -> None:
        whole, moved = stepped(ONE_RIGHT)
        parts, also = stepped(ONE_RIGHT, settings=StepSettings(most_nodes=most_nodes))
        assert parts.loss == pytest.approx(whole.loss, abs=1e-6)
        assert parts.gradient == pytest.approx(whole.gradient, rel=1e-4)
        for one, other in zip(moved, also, strict=True):
            torch.testing.assert_close(one, other, atol=1e-4, rtol=0)

    def test_a_second_step_on_the_same_samples_is_bounded(self) -> None:
        policy = policy_of()
        samples = with_old(policy, samples_of(ONE_RIGHT), StepSettings())
        optimizer = make_optimizer(policy, 1e-2)
        ratios = []
        for _ in range(6):
            done = train_step(policy, optimizer, samples, StepSettings())
            assert isinstance(done, StepDone)
            ratios.append((done.ratio, done.clipped))
        assert ratios[0][0] == pytest.approx(1, abs=1e-5)
        assert ratios[0][1] == 0
        assert ratios[-1][1] > 0.5

    def test_kl_holds_the_policy_near_its_reference(self) -> None:
        moved = []
        for kl in (0.0, 10.0):
            policy = policy_of()
            samples = with_old(
                policy, with_reference(policy, samples_of(ONE_RIGHT), StepSettings()), StepSettings()
            )
            optimizer = make_optimizer(policy, 1e-3)
            for _ in range(5):
                train_step(policy, optimizer, samples, StepSettings(terms=Terms(kl=kl)))
            after = score_samples(policy, samples, StepSettings())
            moved.append(
                sum(
                    abs(new - old)
                    for sample, logprobs in after
                    for new, old in zip(logprobs, sample.reference or (), strict=True)
                )
            )
        assert moved[1] < moved[0] / 2


class TestSkipped:
    def test_nothing_to_learn_from_equal_rewards(self) -> None:
        samples = samples_of([attempt([b"5", b"\n"], 1), attempt([b"6", b"\n"], 2)])
        policy = policy_of()
        found = train_step(policy, make_optimizer(policy, 1e-2), samples, StepSettings())
        assert found == StepSkipped("nothing-to-learn")

    def test_a_loss_that_is_no_number_changes_nothing(self) -> None:
        samples = samples_of(ONE_RIGHT)
        samples[1] = replace(samples[1], old=(-inf, -1.0))
        policy = policy_of()
        before = weights(policy)
        optimizer = make_optimizer(policy, 1e-2)
        found = train_step(policy, optimizer, samples, StepSettings(most_nodes=1))
        assert found == StepSkipped("non-finite-loss")
        assert all(torch.equal(one, other) for one, other in zip(before, weights(policy), strict=True))
        assert optimizer.state_dict()["state"] == {}
        assert all(parameter.grad is None for parameter in policy.parameters())

    def test_a_gradient_that_is_no_number_changes_nothing(self) -> None:
        policy = policy_of()
        before = weights(policy)
        next(policy.parameters()).register_hook(lambda gradient: gradient * inf)
        found = train_step(policy, make_optimizer(policy, 1e-2), samples_of(ONE_RIGHT), StepSettings())
        assert found == StepSkipped("non-finite-gradient")
        assert all(torch.equal(one, other) for one, other in zip(before, weights(policy), strict=True))


def test_the_same_random_seed_gives_the_same_weights() -> None:
    first, second = (stepped(ONE_RIGHT, LORA)[1] for _ in range(2))
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


class TestMicroBatches:
    @given(
        st.lists(
            st.lists(st.sampled_from([b"4", b"5", b"\n"]), min_size=1, max_size=5), min_size=2, max_size=6
        ),
        st.integers(1, 40),
    )
    def test_hold_each_sample_once_and_no_more_than_fits(self, answers: list[list[bytes]], most: int) -> None:
        samples = samples_of([attempt(answer, index) for index, answer in enumerate(answers)])
        parts = micro_batches(samples, most)
        assert sorted(map(repr, (sample for part in parts for sample in part))) == sorted(map(repr, samples))
        for part in parts:
            assert len(part) == 1 or len(build_tree([sample.sequel for sample in part]).tokens) <= most
