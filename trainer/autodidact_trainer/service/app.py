"""The HTTP API of `protocol/trainer.ts`."""

from __future__ import annotations

import asyncio
import logging
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from autodidact_trainer.api_records import (
    PROTOCOL,
    RUN_ID,
    Example,
    Exported,
    ExportRequest,
    Form,
    Published,
    RecordsTaken,
    Rescored,
    RoundRequest,
    RoundState,
    TrainerHealth,
    TrainerProblem,
    TrainingRun,
    Type,
)
from autodidact_trainer.problems import ProblemError, as_problems
from autodidact_trainer.rollouts.reading import BadLine, read_group
from autodidact_trainer.rollouts.records import SolveGroup
from autodidact_trainer.service.answers import problem_answer, record_answer
from autodidact_trainer.service.body import MOST_LINES_BYTES, read_body, read_record

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from pydantic import BaseModel

    from autodidact_trainer.rollouts.records import ProposeGroup
    from autodidact_trainer.runs.runs import Runs
    from autodidact_trainer.service.metrics import Metrics
    from autodidact_trainer.store.ingest import Kind, Records

_log = logging.getLogger(__name__)

BODIES_AT_ONCE = 4
"""Bodies of many records that are read at the same time: they are what fills the memory."""

_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI has some of its own, which variables of the environment would switch on."""

RunId = Annotated[str, Path(pattern=RUN_ID)]
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


def _takes(model: type[BaseModel], kind: str = "application/json") -> dict[str, Any]:
    """A body in the API's description. It is read by `read_body`, which FastAPI's own reading would be too late for."""
    return {
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": model.model_json_schema(by_alias=True)}},
        }
    }


def _version() -> str:
    try:
        return version("autodidact-trainer")
    except PackageNotFoundError:
        return "0.1.0"


def make_app(records: Records, runs: Runs, metrics: Metrics) -> FastAPI:
    """All routes, without the guard at the door."""
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": TrainerProblem} for status in (400, 401, 404, 409, 413, 422, 500, 507)
    }
    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, responses=problems, telemetry=_NO_TELEMETRY
    )
    bodies = asyncio.Semaphore(BODIES_AT_ONCE)
    _answer_problems(app)

    async def take(kind: Kind, request: Request) -> Response:
        async with bodies:
            body = await read_body(request, MOST_LINES_BYTES)
            with as_problems():
                taken = await asyncio.to_thread(records.take, kind, body)
        metrics.took(kind, taken)
        return record_answer(taken)

    @app.get("/v1/health", response_model=TrainerHealth)
    async def health() -> Response:
        return record_answer(
            TrainerHealth(service="autodidact-trainer", protocol=PROTOCOL, version=_version())
        )

    @app.post(
        "/v1/groups", response_model=RecordsTaken, openapi_extra=_takes(SolveGroup, "application/x-ndjson")
    )
    async def groups(request: Request) -> Response:
        return await take("groups", request)

    @app.post(
        "/v1/examples", response_model=RecordsTaken, openapi_extra=_takes(Example, "application/x-ndjson")
    )
    async def examples(request: Request) -> Response:
        return await take("examples", request)

    @app.put("/v1/runs/{run}", response_model=TrainingRun, openapi_extra=_takes(TrainingRun))
    async def put_run(run: RunId, request: Request) -> Response:
        wanted = await read_record(request, TrainingRun)
        if wanted.id != run:
            raise ProblemError("malformed", f"id: '{wanted.id}' is not the run of the path.")
        return record_answer(await asyncio.to_thread(runs.put_run, wanted))

    @app.put(
        "/v1/runs/{run}/rounds/{n}",
        status_code=202,
        response_model=RoundState,
        openapi_extra=_takes(RoundRequest),
    )
    async def put_round(run: RunId, n: Number, request: Request) -> Response:
        wanted = await read_record(request, RoundRequest)
        return record_answer(await asyncio.to_thread(runs.put_round, run, n, wanted), 202)

    @app.get("/v1/runs/{run}/rounds/{n}", response_model=RoundState)
    async def get_round(run: RunId, n: Number) -> Response:
        return record_answer(await asyncio.to_thread(runs.round, run, n))

    @app.put("/v1/runs/{run}/rounds/{n}/export", response_model=Exported, openapi_extra=_takes(ExportRequest))
    async def put_export(run: RunId, n: Number, request: Request) -> Response:
        wanted = await read_record(request, ExportRequest)
        making = await asyncio.to_thread(runs.export, run, n, wanted)
        exported = await asyncio.wrap_future(making)
        return record_answer(exported)

    @app.get("/v1/runs/{run}/rounds/{n}/export", response_class=FileResponse)
    async def get_export(
        run: RunId, n: Number, form: Annotated[Form, Query()], kind: Annotated[Type, Query(alias="type")]
    ) -> Response:
        wanted = ExportRequest(form=form, type=kind)
        path, found = await asyncio.to_thread(runs.export_file, run, n, wanted)
        headers = {"ETag": f'"{found.sha256}"'}
        return FileResponse(path, media_type="application/octet-stream", headers=headers)

    @app.put("/v1/runs/{run}/rounds/{n}/published", response_model=Published, openapi_extra=_takes(Published))
    async def published(run: RunId, n: Number, request: Request) -> Response:
        wanted = await read_record(request, Published)
        return record_answer(await asyncio.to_thread(runs.publish, run, n, wanted))

    @app.post(
        "/v1/runs/{run}/rounds/{n}/rescore",
        response_model=Rescored,
        openapi_extra=_takes(SolveGroup, "application/x-ndjson"),
    )
    async def rescore(run: RunId, n: Number, request: Request) -> Response:
        async with bodies:
            body = await read_body(request, MOST_LINES_BYTES)
            found = await asyncio.to_thread(_groups, body)
        scoring = await asyncio.to_thread(runs.rescore, run, n, found)
        rescored = await asyncio.wrap_future(scoring)
        return record_answer(rescored)

    @app.get("/v1/runs/{run}/events", response_class=StreamingResponse)
    async def events(run: RunId, last_event_id: Annotated[int, Header(ge=0, le=2**53)] = 0) -> Response:
        log = await asyncio.to_thread(runs.events, run)
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(log.follow(last_event_id), media_type="text/event-stream", headers=headers)

    @app.get("/metrics", response_class=Response)
    async def numbers() -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return app


def _groups(body: bytes) -> list[ProposeGroup | SolveGroup]:
    found = []
    for nth, line in enumerate(body.splitlines(), 1):
        group = read_group(line)
        if isinstance(group, BadLine):
            raise ProblemError("malformed", f"line {nth}: {group.reason}: {group.detail}")
        found.append(group)
    return found


def _answer_problems(app: FastAPI) -> None:
    """Every answer that is no success is a `TrainerProblem`."""

    async def problem(_: Request, error: Exception) -> Response:
        if isinstance(error, ProblemError):
            return problem_answer(error)
        if isinstance(error, RequestValidationError):
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            return problem_answer(ProblemError("malformed", f"{where}: {first['msg']}"))
        if isinstance(error, ClientDisconnect):
            return problem_answer(ProblemError("malformed", "The body was cut off."))
        if isinstance(error, HTTPException):
            return problem_answer(ProblemError("no-such-route", str(error.detail)), error.status_code)
        return problem_answer(
            ProblemError("internal", f"{type(error).__name__}; the trainer's log tells more")
        )

    for kind in (ProblemError, RequestValidationError, ClientDisconnect, HTTPException, Exception):
        app.add_exception_handler(kind, problem)
