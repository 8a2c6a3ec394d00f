"""Weights to publish, and what is known of them: what `test/trainer/` asks while it publishes them to a real Ollama.

`python tests/publishing.py SMOLLM2 FOLDER`, in the trainer's folder: makes bases and tuned weights of two models, and then
answers questions, a JSON document a line: `export` (a file), `first` (log-probabilities of first
tokens), `rescore`.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from gguf import GGUFReader, GGUFValueType, GGUFWriter
from transformers import Qwen2Config, Qwen2ForCausalLM

from autodidact_trainer.advantages.assign import Advantage
from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.load import load_base
from autodidact_trainer.base.vocabulary import Vocabulary
from autodidact_trainer.export.ggml_layout import GgmlLayout
from autodidact_trainer.export.gguf_files import export_adapter, export_model
from autodidact_trainer.policy.adapt import Lora, adapt
from autodidact_trainer.policy.prefix_tree import Sequel
from autodidact_trainer.rescoring.rescore import QUANTISED, SAME_WEIGHTS, breaches, rescore
from autodidact_trainer.rollouts.reading import BadLine, read_groups
from autodidact_trainer.rollouts.rollout import Rollout, make_rollout
from autodidact_trainer.training.batch import TrainingSample
from autodidact_trainer.training.step import StepSettings, make_optimizer, train_step

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from transformers import PreTrainedModel

KEY_VALUE_HEADS = 2
ROPE_THETA = 10_000.0

LEARNT = [
    (">>> f(2)\n", "4\n"),
    ("def add(a, b):\n    return", " a + b\n"),
    ("The capital of", " France is Paris"),
]
"""What the tuned weights are tuned to, so that they differ from their base by far more than rounding."""


class Tuned:
    """A base in a GGUF file, and weights tuned from it."""

    def __init__(self, base: Path, learning_rate: float, folder: Path) -> None:
        facts = read_gguf(base)
        self._base = base
        self._architecture = facts.architecture
        self._vocabulary = Vocabulary(facts.spelling)
        torch.manual_seed(0)
        self._policy = adapt(load_base(base, facts.architecture), Lora(rank=8))
        self._folder = folder
        # Adapters add nothing before the first step.
        self._untrained = self.export("tuned", "merged", "f16")
        samples = [
            TrainingSample(
                Sequel(tuple(self._vocabulary.encode(prompt)), tuple(self._vocabulary.encode(text))),
                (-1.0,) * len(self._vocabulary.encode(text)),
                Advantage(1.0),
            )
            for prompt, text in LEARNT
        ]
        optimizer = make_optimizer(self._policy, learning_rate)
        for _ in range(4):
            train_step(self._policy, optimizer, samples, StepSettings(autocast=True))

    def export(self, weights: str, form: str, precision: Any) -> dict[str, Any]:
        """`weights`: `base` (as a whole in f16) or `tuned`, as they stand now."""
        if weights == "base":
            return self._untrained
        target = self._folder / f"{self._architecture}-{time.monotonic_ns()}-{form}-{precision}.gguf"
        if form == "adapter":
            export_adapter(self._policy, self._architecture, target)
        else:
            export_model(self._policy, self._base, target, precision)
        return {
            "form": form,
            "type": precision,
            "path": str(target),
            "sha256": sha256(target.read_bytes()).hexdigest(),
        }

    def first(self, prompt: str, tokens: list[str]) -> list[list[float | None]]:
        """Log-probabilities of tokens behind a prompt, of base and tuned weights; None for text that is no token."""
        prompts = torch.tensor([self._vocabulary.encode(prompt)])
        rows = []
        for weights in ("base", "tuned"):
            with torch.no_grad(), self._with(weights):
                logits = self._policy(input_ids=prompts).logits[0, -1]
                rows.append(torch.log_softmax(logits.float(), -1))
        ids = [self._vocabulary.id_of(token.encode()) for token in tokens]
        return [[None if index is None else float(row[index]) for index in ids] for row in rows]

    def rescore(self, weights: str, precision: str, groups: Path) -> dict[str, Any] | None:
        """`Rescored` of the protocol."""
        with groups.open("rb") as stream:
            read = list(read_groups(stream))
        made = [make_rollout(group, self._vocabulary) for group in read if not isinstance(group, BadLine)]
        if len(made) < len(read) or not all(isinstance(one, Rollout) for one in made):
            raise SystemExit(f"no groups: {read} {made}")
        with self._with(weights):
            found = rescore(self._policy, [one for one in made if isinstance(one, Rollout)], StepSettings())
        if found is None:
            return None
        return {
            "completions": found.completions,
            "tokens": found.tokens,
            "mean": found.mean,
            "p99": found.p99,
            "tokenShare": found.token_share,
            "completionShare": found.completion_share,
            "breaches": breaches(found, QUANTISED if precision == "q8_0" else SAME_WEIGHTS),
        }

    def _with(self, weights: str) -> AbstractContextManager[Any]:
        policy: Any = self._policy
        return nullcontext() if weights == "tuned" else policy.disable_adapter()


def write_qwen2(tokens: Path, target: Path) -> None:
    """A random model of another architecture, small, with the tokens of a real one."""
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(read_gguf(tokens).spelling.tokens),
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=KEY_VALUE_HEADS,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        initializer_range=0.2,
        rope_parameters={"rope_type": "default", "rope_theta": ROPE_THETA},
    )
    model: PreTrainedModel = Qwen2ForCausalLM(config)
    for name, parameter in model.named_parameters():
        # The one thing that llama does not have; zero at first.
        if name.endswith(".bias"):
            torch.nn.init.normal_(parameter, std=0.2)
    writer = GGUFWriter(target, "qwen2")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(KEY_VALUE_HEADS)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(ROPE_THETA)
    writer.add_file_type(0)
    for name, field in GGUFReader(tokens).fields.items():
        if name.startswith("tokenizer.ggml."):
            element = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), field.types[0], element)
    layout = GgmlLayout("qwen2", config)
    for name, parameter in model.named_parameters():
        writer.add_tensor(layout.name(name), parameter.detach().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    """Answers until its input ends."""
    smollm2, folder = Path(sys.argv[1]), Path(sys.argv[2])
    qwen2 = folder / "qwen2.gguf"
    write_qwen2(smollm2, qwen2)
    models = {"smollm2": Tuned(smollm2, 1e-3, folder), "qwen2": Tuned(qwen2, 1e-2, folder)}
    _say({"smollm2": str(smollm2), "qwen2": str(qwen2)})
    for line in sys.stdin:
        asked = json.loads(line)
        model = models[asked["model"]]
        answer: Any
        if asked["ask"] == "export":
            answer = model.export(asked["weights"], asked["form"], asked["type"])
        elif asked["ask"] == "first":
            answer = model.first(asked["prompt"], asked["tokens"])
        else:
            answer = model.rescore(asked["weights"], asked["type"], Path(asked["groups"]))
        _say(answer)


def _say(answer: Any) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
