"""Writes a policy as a GGUF file: the whole model, or the adapter alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, LlamaFileType
from gguf.quants import quantize

from autodidact_trainer.errors import TrainerError
from autodidact_trainer.export.ggml_layout import GgmlLayout
from autodidact_trainer.export.weights import factors_of, merged_weights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import torch
    from transformers import PreTrainedModel

Precision: TypeAlias = Literal["f32", "f16", "q8_0"]

_TYPES: dict[Precision, tuple[GGMLQuantizationType, LlamaFileType]] = {
    "f32": (GGMLQuantizationType.F32, LlamaFileType.ALL_F32),
    "f16": (GGMLQuantizationType.F16, LlamaFileType.MOSTLY_F16),
    "q8_0": (GGMLQuantizationType.Q8_0, LlamaFileType.MOSTLY_Q8_0),
}
_BLOCK = 32
"""Weights that q8_0 scales together; a row of another length stays f16."""

_OWN = {"general.architecture", "general.file_type", "general.quantization_version"}


def export_model(policy: PreTrainedModel, base: Path, target: Path, precision: Precision) -> None:
    """Writes the tuned model, with all that its base's GGUF tells besides weights: tokens are cut as they were.

    (A folder of safetensors loses that: Ollama 0.17.4 knows four pre-tokenizers by their hash, and SmolLM2's is none.)
    Raises `TrainerError`: `unknown-architecture`, `unreadable-weights` where base and policy differ in their weights'
    names, `not-writable`.
    """
    reader = GGUFReader(base)
    architecture = str(reader.fields["general.architecture"].contents())
    layout = GgmlLayout(architecture, policy.config)
    kind, file_type = _TYPES[precision]
    tensors = {layout.name(name): layout.rows(name, weight) for name, weight in merged_weights(policy)}
    names = {tensor.name for tensor in reader.tensors}
    if strange := tensors.keys() - names:
        raise TrainerError("unreadable-weights", f"{base} has no weights {', '.join(sorted(strange)[:3])}.")
    with _writing(target, architecture) as writer:
        writer.add_file_type(file_type)
        writer.add_quantization_version(2)
        for name, field in reader.fields.items():
            if name.startswith("GGUF.") or name in _OWN:
                continue
            element = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), field.types[0], element)
        for tensor in reader.tensors:
            if tensor.name in tensors:
                _add(writer, tensor.name, tensors[tensor.name], kind)
            else:
                writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)


def export_adapter(policy: PreTrainedModel, architecture: str, target: Path) -> None:
    """Writes the adapter alone, as llama.cpp's `convert_lora_to_gguf.py` does.

    Raises `TrainerError`: `not-adapted`, `unknown-architecture`, `not-writable`.
    """
    layout = GgmlLayout(architecture, policy.config)
    factors = factors_of(policy)
    if not factors:
        raise TrainerError("not-adapted", "All weights were trained: there is no adapter to export.")
    rank, scale = factors[0].down.shape[0], factors[0].scale
    with _writing(target, architecture) as writer:
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        # llama.cpp scales by alpha / rank, with the rank of each pair.
        writer.add_float32("adapter.lora.alpha", scale * rank)
        for factor in factors:
            name = layout.name(factor.name)
            _add(writer, f"{name}.lora_a", factor.down, GGMLQuantizationType.F32)
            _add(writer, f"{name}.lora_b", layout.rows(factor.name, factor.up), GGMLQuantizationType.F32)


@contextmanager
def _writing(target: Path, architecture: str) -> Iterator[GGUFWriter]:
    """A file that is there as a whole or not at all."""
    unfinished = target.with_name(f".{target.name}.part")
    try:
        writer = GGUFWriter(unfinished, architecture)
        yield writer
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        unfinished.replace(target)
    except OSError as error:
        raise TrainerError("not-writable", f"{target} cannot be written: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _add(writer: GGUFWriter, name: str, weight: torch.Tensor, kind: GGMLQuantizationType) -> None:
    """Adds a weight; vectors (norms, biases) are always f32, as llama.cpp has them."""
    if weight.ndim == 1:
        kind = GGMLQuantizationType.F32
    elif kind == GGMLQuantizationType.Q8_0 and weight.shape[-1] % _BLOCK != 0:
        kind = GGMLQuantizationType.F16
    data = quantize(weight.float().cpu().contiguous().numpy(), kind)
    writer.add_tensor(name, data, raw_dtype=kind)
