"""The weights of a policy, by the names that its base has for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peft.tuners.lora import LoraLayer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from transformers import PreTrainedModel

_ADAPTER = "default"


@dataclass(frozen=True)
class Factors:
    """A low-rank change of the weight `name`: `scale * up @ down`; up is [out, rank], down [rank, in]."""

    name: str
    up: torch.Tensor
    down: torch.Tensor
    scale: float


def factors_of(policy: PreTrainedModel) -> list[Factors]:
    """The adapters of a policy; none where all weights were trained."""
    return [
        Factors(
            name=_base_name(f"{name}.weight"),
            up=policy.get_parameter(f"{name}.lora_B.{_ADAPTER}.weight").detach(),
            down=policy.get_parameter(f"{name}.lora_A.{_ADAPTER}.weight").detach(),
            scale=float(module.scaling[_ADAPTER]),
        )
        for name, module in policy.named_modules()
        if isinstance(module, LoraLayer)
    ]


def merged_weights(policy: PreTrainedModel) -> Iterator[tuple[str, torch.Tensor]]:
    """Each weight once, adapters added to what they adapt. The policy stays as it is."""
    changes = {factor.name: factor for factor in factors_of(policy)}
    for name, parameter in policy.named_parameters():
        if ".lora_" in name:
            continue
        base, weight = _base_name(name), parameter.detach()
        change = changes.get(base)
        yield base, weight if change is None else weight + change.scale * change.up @ change.down


def _base_name(name: str) -> str:
    return name.removeprefix("base_model.model.").replace(".base_layer.", ".")
