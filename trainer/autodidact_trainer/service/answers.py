"""Records and problems as HTTP answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from autodidact_trainer.api_records import ErrorReason
    from autodidact_trainer.problems import ProblemError

STATUS: Mapping[ErrorReason, int] = {
    "unauthorised": 401,
    "too-large": 413,
    "malformed": 400,
    "no-such-run": 404,
    "no-such-round": 404,
    "differs": 409,
    "not-in-order": 409,
    "busy": 409,
    "base-missing": 422,
    "base-unknown": 422,
    "disk-full": 507,
    "not-done": 409,
    "nothing-recorded": 422,
    "damaged": 500,
    "no-such-route": 404,
    "internal": 500,
}


def record_answer(record: BaseModel, status: int = 200) -> Response:
    """A record as JSON."""
    content = record.model_dump_json(by_alias=True)
    return Response(content, status, media_type="application/json")


def problem_answer(problem: ProblemError, status: int | None = None) -> Response:
    """A problem as JSON, with the status of its reason."""
    answer = record_answer(problem.record(), status or STATUS[problem.reason])
    if problem.reason == "unauthorised":
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
