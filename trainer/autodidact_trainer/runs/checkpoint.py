"""Policy and optimiser on disk: as a whole, with hashes, and without anything that would be executed when it is read."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save, save_file

from autodidact_trainer.problems import ProblemError
from autodidact_trainer.runs.run_folder import Checkpoint
from autodidact_trainer.store.files import UNFINISHED, sync_file, sync_folder, write_durably

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from transformers import PreTrainedModel

    from autodidact_trainer.api_records import RoundState

_WEIGHTS = "weights.safetensors"
_OPTIMIZER = "optimizer.safetensors"
_RANDOM = "random_state"


def save_checkpoint(
    folder: Path,
    policy: PreTrainedModel,
    optimizer: torch.optim.Optimizer,
    state_with: Callable[[str], RoundState],
) -> RoundState:
    """Writes what a round ended with, and gives its state, which is told the SHA-256 of the weights. Raises `OSError`."""
    unfinished = folder.with_name(folder.name + UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        weights = _save(unfinished / _WEIGHTS, trained_weights(policy))
        moments = {
            f"{index}.{name}": value
            for index, found in optimizer.state_dict()["state"].items()
            for name, value in found.items()
        }
        state = state_with(weights)
        checkpoint = Checkpoint(
            state=state,
            weights=weights,
            optimizer=_save(unfinished / _OPTIMIZER, {**moments, _RANDOM: torch.get_rng_state()}),
        )
        write_durably(unfinished / "checkpoint.json", checkpoint.model_dump_json(by_alias=True).encode())
        unfinished.rename(folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    sync_folder(folder.parent)
    return state


def load_checkpoint(
    folder: Path, checkpoint: Checkpoint, policy: PreTrainedModel, optimizer: torch.optim.Optimizer | None
) -> None:
    """Puts back what a round ended with, torch's random state included where the optimiser is asked for.

    Raises `ProblemError` `damaged` where a file is not what was written.
    """
    weights = _load(folder / _WEIGHTS, checkpoint.weights)
    trained = trained_weights(policy)
    if trained.keys() != weights.keys() or any(trained[one].shape != weights[one].shape for one in trained):
        raise ProblemError("damaged", f"{folder} is not of this policy.")
    with torch.no_grad():
        for name, weight in trained.items():
            weight.copy_(weights[name])
    if optimizer is None:
        return
    moments = _load(folder / _OPTIMIZER, checkpoint.optimizer)
    torch.set_rng_state(moments.pop(_RANDOM))
    found: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in moments.items():
        index, _, what = name.partition(".")
        found.setdefault(int(index), {})[what] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": found})


def trained_weights(policy: PreTrainedModel) -> dict[str, torch.Tensor]:
    """The weights that are trained, by name; they are the policy's own, not copies."""
    return {
        name: parameter.detach() for name, parameter in policy.named_parameters() if parameter.requires_grad
    }


def _save(path: Path, tensors: dict[str, torch.Tensor]) -> str:
    whole = {name: tensor.contiguous().cpu() for name, tensor in tensors.items()}
    try:
        save_file(whole, path)
        sync_file(path)
    except SafetensorError:
        # Only its text tells why. Written by ourselves, which takes as much memory again, it fails as the system says.
        write_durably(path, save(whole))
    return _hash(path)


def _load(path: Path, expected: str) -> dict[str, torch.Tensor]:
    if not path.is_file() or _hash(path) != expected:
        raise ProblemError("damaged", f"{path} is not what was written there. It is not loaded.")
    return load_file(path)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
