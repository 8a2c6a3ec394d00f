"""What is exported is what was trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from test_policy import GROUP
from tiny import tiny_model

from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.load import load_base
from autodidact_trainer.errors import TrainerError
from autodidact_trainer.export.gguf_files import export_adapter, export_model
from autodidact_trainer.policy.adapt import FullWeights, Lora, adapt
from autodidact_trainer.policy.prefix_tree import build_tree
from autodidact_trainer.policy.scoring import score_tree

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedModel


@pytest.fixture(scope="module")
def tuned(smollm2: Path) -> PreTrainedModel:
    """The real model with adapters that change it."""
    torch.manual_seed(0)
    policy = adapt(load_base(smollm2, "llama"), Lora(rank=4))
    for name, parameter in policy.named_parameters():
        if ".lora_B." in name:
            torch.nn.init.normal_(parameter, std=0.02)
    return policy


@pytest.fixture(scope="module")
def exported(tuned: PreTrainedModel, smollm2: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole model, in f16."""
    target = tmp_path_factory.mktemp("export") / "model.gguf"
    export_model(tuned, smollm2, target, "f16")
    return target


def weights_of(path: Path) -> dict[str, Any]:
    """A file's weights as float32."""
    return {
        tensor.name: torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).copy())
        for tensor in GGUFReader(path).tensors
    }


def logprobs(model: PreTrainedModel) -> torch.Tensor:
    """Of a few tokens."""
    with torch.no_grad():
        return score_tree(model, build_tree(GROUP)).logprobs


def test_the_exported_model_is_the_tuned_one(tuned: PreTrainedModel, smollm2: Path, exported: Path) -> None:
    again = load_base(exported, "llama")
    torch.testing.assert_close(logprobs(again), logprobs(tuned), atol=0.02, rtol=0.005)
    assert (logprobs(load_base(smollm2, "llama")) - logprobs(again)).abs().max() > 0.3
    assert read_gguf(exported) == read_gguf(smollm2)


def test_the_adapter_gives_the_same_weights(tuned: PreTrainedModel, smollm2: Path, exported: Path) -> None:
    adapter = exported.with_name("adapter.gguf")
    export_adapter(tuned, "llama", adapter)
    base, merged, factors = weights_of(smollm2), weights_of(exported), weights_of(adapter)
    alpha = float(GGUFReader(adapter).fields["adapter.lora.alpha"].contents())
    names = {name.removesuffix(".lora_a") for name in factors if name.endswith(".lora_a")}
    assert len(names) == 30 * 7
    for name in names:
        down, up = factors[f"{name}.lora_a"], factors[f"{name}.lora_b"]
        change = alpha / down.shape[0] * up @ down
        torch.testing.assert_close(base[name] + change, merged[name], atol=2e-3, rtol=2e-3)


def test_where_all_weights_were_trained_there_is_no_adapter(tmp_path: Path) -> None:
    with pytest.raises(TrainerError) as caught:
        export_adapter(adapt(tiny_model(), FullWeights()), "llama", tmp_path / "adapter.gguf")
    assert caught.value.reason == "not-adapted"


def test_what_cannot_be_written_leaves_nothing(tuned: PreTrainedModel, tmp_path: Path) -> None:
    with pytest.raises(TrainerError) as caught:
        export_adapter(tuned, "llama", tmp_path / "missing" / "adapter.gguf")
    assert caught.value.reason == "not-writable"
    assert list(tmp_path.iterdir()) == []
