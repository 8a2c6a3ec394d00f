"""Why the service did not do what it was asked, for whoever asked."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autodidact_trainer.api_records import TrainerProblem
from autodidact_trainer.errors import TrainerError
from autodidact_trainer.store.parts import DamagedPartError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from autodidact_trainer.api_records import ErrorReason
    from autodidact_trainer.errors import Reason

_OF_ERRORS: Mapping[Reason, ErrorReason] = {
    "not-in-store": "base-missing",
    "store-damaged": "base-missing",
    "adapter-base": "base-unknown",
    "unknown-architecture": "base-unknown",
    "unknown-tokenizer": "base-unknown",
    "unreadable-weights": "base-unknown",
    "no-linear-layers": "base-unknown",
    "unsupported-attention": "base-unknown",
    "not-adapted": "malformed",
}

# A file that may grow no further is a disk that is full, for the one whom a limit holds.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class ProblemError(Exception):
    """A request, or a round, that cannot be done."""

    def __init__(self, reason: ErrorReason, detail: str) -> None:
        super().__init__(detail)
        self.reason: ErrorReason = reason
        self.detail = detail

    def record(self) -> TrainerProblem:
        """As it is sent."""
        return TrainerProblem(reason=self.reason, detail=self.detail)


def problem_of(error: BaseException) -> ProblemError:
    """What an error is to whoever asked. `internal` are those that nobody but us can mend."""
    if isinstance(error, ProblemError):
        return error
    cause = error.__cause__ if isinstance(error, TrainerError) else error
    if isinstance(cause, OSError) and cause.errno in _FULL:
        return ProblemError("disk-full", f"There is no room to write: {cause.strerror}.")
    if isinstance(error, DamagedPartError):
        return ProblemError("damaged", f"A part of the records is damaged: {error}")
    if isinstance(error, TrainerError):
        return ProblemError(_OF_ERRORS.get(error.reason, "internal"), str(error))
    return ProblemError("internal", f"{type(error).__name__}; the trainer's log tells more")


@contextmanager
def as_problems() -> Iterator[None]:
    """What goes wrong within, for reasons that a person can do something about, is raised as a `ProblemError`."""
    try:
        yield
    except (TrainerError, OSError) as error:
        raise problem_of(error) from error
