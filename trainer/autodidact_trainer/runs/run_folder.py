"""What is kept of a run, and where.

```
RUN/run.json  events.ndjson
RUN/rounds/N/round.json          what was asked for, and which digests its weights had
             checkpoint/         weights.safetensors  optimizer.safetensors  checkpoint.json: all of it or nothing
             failed.json  published.json
             exports/            FORM-TYPE.gguf, and FORM-TYPE.json once it is whole
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from autodidact_trainer.api_records import Digest, Exported, Published, RoundRequest, RoundState, TrainingRun
from autodidact_trainer.problems import ProblemError
from autodidact_trainer.rollouts.records import Record
from autodidact_trainer.store.files import write_durably

if TYPE_CHECKING:
    from pathlib import Path

    from autodidact_trainer.api_records import ExportRequest

_Model = TypeVar("_Model", bound=BaseModel)


class RoundOrder(Record):
    """A round as it was accepted. `standing`: digests under which the weights before it are sampled."""

    request: RoundRequest
    standing: tuple[str, ...]


class Checkpoint(Record):
    """What stands in a checkpoint, with the SHA-256 of its files."""

    state: RoundState
    weights: Digest
    optimizer: Digest


class RunFolder:
    """The files of one run. Readers give None for what is not there, and raise `ProblemError` `damaged`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.events = path / "events.ndjson"

    def run(self) -> TrainingRun | None:
        """What the run is."""
        return _read(self.path / "run.json", TrainingRun)

    def write_run(self, run: TrainingRun) -> None:
        """Begins a run. Raises `OSError`."""
        (self.path / "rounds").mkdir(parents=True, exist_ok=True)
        _write(self.path / "run.json", run)

    def rounds(self) -> list[int]:
        """Which rounds were begun, from 1."""
        names = [entry.name for entry in (self.path / "rounds").glob("*") if (entry / "round.json").is_file()]
        return sorted(int(name) for name in names if name.isdecimal())

    def round(self, number: int) -> RoundFolder:
        """The files of one round; round 0 is the base."""
        return RoundFolder(self.path / "rounds" / str(number))


class RoundFolder:
    """The files of one round."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoint = path / "checkpoint"

    def order(self) -> RoundOrder:
        """What the round is."""
        found = _read(self.path / "round.json", RoundOrder)
        if found is None:
            raise ProblemError("damaged", f"{self.path} lacks its round.json.")
        return found

    def write_order(self, order: RoundOrder) -> None:
        """Begins a round. Raises `OSError`."""
        self.path.mkdir(exist_ok=True)
        _write(self.path / "round.json", order)

    def finished(self) -> Checkpoint | None:
        """How the round ended, by its checkpoint."""
        if not self.checkpoint.is_dir():
            return None
        found = _read(self.checkpoint / "checkpoint.json", Checkpoint)
        if found is None:
            raise ProblemError("damaged", f"{self.checkpoint} lacks its checkpoint.json.")
        return found

    def failed(self) -> RoundState | None:
        """How the round failed."""
        return _read(self.path / "failed.json", RoundState)

    def write_failed(self, state: RoundState) -> None:
        """Notes that the round failed, so that it does not begin again by itself. Raises `OSError`."""
        _write(self.path / "failed.json", state)

    def forget_failure(self) -> None:
        """Makes room for the round to begin again. A damaged checkpoint is kept aside. Raises `OSError`."""
        (self.path / "failed.json").unlink(missing_ok=True)
        if self.checkpoint.is_dir():
            aside = len(list(self.path.glob("damaged-*"))) + 1
            self.checkpoint.rename(self.path / f"damaged-{aside}")

    def published(self) -> Published | None:
        """Under which digest the round's weights are sampled."""
        return _read(self.path / "published.json", Published)

    def write_published(self, published: Published) -> None:
        """Notes it. Raises `OSError`."""
        self.path.mkdir(exist_ok=True)
        _write(self.path / "published.json", published)

    def export_file(self, request: ExportRequest) -> Path:
        """Where the file of an export stands."""
        return self.path / "exports" / f"{request.form}-{request.type}.gguf"

    def exported(self, request: ExportRequest) -> Exported | None:
        """The export, where it is whole."""
        file = self.export_file(request)
        found = _read(file.with_suffix(".json"), Exported)
        return found if found and file.is_file() and file.stat().st_size == found.bytes else None

    def write_exported(self, exported: Exported) -> None:
        """Notes that the file of an export is whole. Raises `OSError`."""
        _write(self.export_file(exported).with_suffix(".json"), exported)


def _read(path: Path, model: type[_Model]) -> _Model | None:
    try:
        return model.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as error:
        raise ProblemError("damaged", f"{path} is not what was written there.") from error


def _write(path: Path, record: BaseModel) -> None:
    write_durably(path, record.model_dump_json(by_alias=True).encode())
