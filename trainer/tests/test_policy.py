"""Shared prompts change what a forward pass costs, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import tiny_model
from transformers import LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

from autodidact_trainer.base.load import check_attention
from autodidact_trainer.errors import TrainerError
from autodidact_trainer.policy.adapt import FullWeights, Lora, adapt
from autodidact_trainer.policy.prefix_tree import Sequel, build_tree, shared_prefix
from autodidact_trainer.policy.scoring import score_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PretrainedConfig, PreTrainedModel

TOKENS = st.lists(st.integers(0, 5), min_size=1, max_size=6).map(tuple)
SEQUELS = st.lists(st.builds(Sequel, TOKENS, TOKENS), min_size=1, max_size=6)
GROUP = [
    Sequel((1, 2, 3, 4), (5, 6, 7)),
    Sequel((1, 2, 3, 4), (5, 6)),
    Sequel((1, 2, 3, 4), (8,)),
    Sequel((1, 2, 9), (5, 6, 7)),
]


def one_by_one(model: PreTrainedModel, sequels: Sequence[Sequel]) -> torch.Tensor:
    """The plain way: each sequence for itself, causal attention."""
    found = []
    for sequel in sequels:
        ids = torch.tensor([[*sequel.prompt, *sequel.completion]])
        logits = model(input_ids=ids, use_cache=False).logits[0, len(sequel.prompt) - 1 : -1]
        found.append(torch.log_softmax(logits, -1).gather(1, torch.tensor(sequel.completion)[:, None])[:, 0])
    return torch.cat(found)


def gradients(model: PreTrainedModel, value: torch.Tensor) -> dict[str, torch.Tensor]:
    """Of a sum of log-probabilities, weighted so that no two tokens count alike."""
    model.zero_grad()
    (value * torch.linspace(1, 2, len(value))).sum().backward()
    return {
        name: parameter.grad.clone()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }


class TestTree:
    def test_holds_what_is_shared_once(self) -> None:
        tree = build_tree(GROUP)
        assert tree.tokens.tolist() == [1, 2, 3, 4, 5, 6, 9, 5, 6]
        assert tree.positions.tolist() == [0, 1, 2, 3, 4, 5, 2, 3, 4]
        assert tree.heads.tolist() == [3, 4, 5, 6, 7, 8]
        assert tree.targets.tolist() == [5, 6, 7, 5, 6, 8, 5, 6, 7]
        assert tree.rows.tolist() == [0, 1, 2, 0, 1, 0, 3, 4, 5]

    @given(SEQUELS)
    def test_each_token_sees_exactly_what_came_before_it(self, sequels: list[Sequel]) -> None:
        tree = build_tree(sequels)
        heads = tree.heads[tree.rows].tolist()
        for sequel, length in zip(sequels, tree.lengths, strict=True):
            for nth in range(length):
                seen = tree.tokens[tree.sees[heads.pop(0)]].tolist()
                assert seen == [*sequel.prompt, *sequel.completion[:nth]]

    @given(TOKENS, TOKENS)
    def test_shared_prefix(self, one: tuple[int, ...], other: tuple[int, ...]) -> None:
        length = shared_prefix(one, other)
        assert one[:length] == other[:length]
        assert one[length : length + 1] != other[length : length + 1] or length == min(len(one), len(other))


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3"])
def test_scores_and_gradients_are_those_of_the_plain_way(architecture: str) -> None:
    model = adapt(tiny_model(architecture), FullWeights())
    shared = score_tree(model, build_tree(GROUP)).logprobs
    plain = one_by_one(model, GROUP)
    torch.testing.assert_close(shared, plain, atol=1e-5, rtol=0)
    ours = gradients(model, shared)
    for name, theirs in gradients(model, plain).items():
        torch.testing.assert_close(ours[name], theirs, atol=1e-5, rtol=1e-4)


@settings(max_examples=20, deadline=None)
@given(SEQUELS)
def test_scores_are_those_of_the_plain_way_for_any_tree(sequels: list[Sequel]) -> None:
    model = adapt(tiny_model("llama"), FullWeights())
    with torch.no_grad():
        torch.testing.assert_close(
            score_tree(model, build_tree(sequels)).logprobs, one_by_one(model, sequels), atol=1e-5, rtol=0
        )


def test_entropies_are_those_of_the_distribution() -> None:
    model = tiny_model("llama")
    scores = score_tree(model, build_tree([GROUP[2]]), entropy=True)
    logits = model(input_ids=torch.tensor([GROUP[2].prompt])).logits[0, -1]
    assert scores.entropies is not None
    torch.testing.assert_close(scores.entropies[0], torch.distributions.Categorical(logits=logits).entropy())


@pytest.mark.parametrize("how", [Lora(rank=4), FullWeights()])
def test_checkpointing_changes_no_gradient(how: Lora | FullWeights) -> None:
    found = []
    for checkpointing in (False, True):
        torch.manual_seed(0)
        model = adapt(tiny_model("llama"), how, checkpointing=checkpointing)
        found.append(gradients(model, score_tree(model, build_tree(GROUP)).logprobs))
    assert found[0].keys() == found[1].keys()
    for name, gradient in found[0].items():
        torch.testing.assert_close(gradient, found[1][name])


def test_bfloat16_is_near() -> None:
    model = tiny_model("llama")
    tree = build_tree(GROUP)
    exact, near = score_tree(model, tree).logprobs, score_tree(model, tree, autocast=True).logprobs
    assert near.dtype == torch.float32
    torch.testing.assert_close(near, exact, atol=0.05, rtol=0)


class TestAdapters:
    def test_begin_as_the_base(self) -> None:
        base = tiny_model("llama")
        before = score_tree(base, build_tree(GROUP)).logprobs.detach()
        torch.testing.assert_close(score_tree(adapt(base, Lora()), build_tree(GROUP)).logprobs, before)

    def test_are_on_all_linear_layers_but_the_output_s(self) -> None:
        model = adapt(tiny_model("llama"), Lora())
        trained = {
            name.split(".lora_")[0].split(".")[-1]
            for name, one in model.named_parameters()
            if one.requires_grad
        }
        assert trained == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


@pytest.mark.parametrize(
    ("config", "fits"),
    [
        (LlamaConfig(), True),
        (Qwen2Config(), True),
        (Qwen3Config(), True),
        (Qwen2Config(use_sliding_window=True, sliding_window=16, max_window_layers=0), False),
        (MistralConfig(sliding_window=16), False),
    ],
)
def test_layers_that_do_not_see_everything_are_refused(config: PretrainedConfig, *, fits: bool) -> None:
    if fits:
        check_attention(config)
    else:
        with pytest.raises(TrainerError) as caught:
            check_attention(config)
        assert caught.value.reason == "unsupported-attention"
