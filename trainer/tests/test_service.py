"""The door of the service: who is let in, and what is too much."""

from __future__ import annotations

import json
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import SerializationContext, checks
from schemathesis.core.result import Ok
from serving import TOKEN, Trainer, serving
from test_rounds import group, line, run_of

from autodidact_trainer.runs.runs import Runs
from autodidact_trainer.service.app import make_app
from autodidact_trainer.service.guard import TokenFileError, read_token
from autodidact_trainer.service.metrics import Metrics
from autodidact_trainer.store.ingest import Records

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = ["/metrics", "/v1/runs/a/rounds/1", "/v1/runs/a/events", "/docs", "/openapi.json", "/anything"]


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trainer]:
    """A trainer that trains nothing here."""
    with serving(tmp_path_factory.mktemp("trainer")) as one:
        yield one


def test_health_is_for_whoever_asks(trainer: Trainer) -> None:
    answer = httpx.get(f"http://127.0.0.1:{trainer.port}/v1/health").json()
    assert (answer["service"], answer["protocol"]) == ("autodidact-trainer", 1)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", [None, "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ü"])
def test_all_else_is_for_who_has_the_token(trainer: Trainer, path: str, token: str | None) -> None:
    headers = {} if token is None else {b"Authorization": token.encode()}
    answer = httpx.get(f"http://127.0.0.1:{trainer.port}{path}", headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (401, "unauthorised")


@pytest.mark.parametrize("content", ["", "short", "two words " * 3, "ü" * 20])
def test_a_token_is_one_long_word(tmp_path: Path, content: str) -> None:
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(content)
    with pytest.raises(TokenFileError):
        read_token(file)
    file.write_text(f"{TOKEN}\n")
    assert read_token(file) == TOKEN


def test_there_are_no_pages(trainer: Trainer) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/"):
        assert trainer.problem("GET", path) == (404, "no-such-route")
    assert trainer.problem("DELETE", "/v1/groups") == (405, "no-such-route")


@pytest.mark.skipif(sys.platform != "linux", reason="reads sockets from /proc")
def test_it_listens_on_this_machine_alone(trainer: Trainer) -> None:
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port, listening = f"{trainer.port:04X}", "0A"
    hosts = [row[1].partition(":")[0] for row in rows if row[1].endswith(f":{port}") and row[3] == listening]
    assert hosts == ["0100007F"]


def peak(trainer: Trainer) -> int:
    """Highest memory of the trainer so far, in bytes."""
    status = Path(f"/proc/{trainer.process.pid}/status").read_text()
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


class TestBodies:
    @pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
    @pytest.mark.parametrize("declared", [0, 1 << 30])
    def test_of_a_gigabyte_are_refused_while_they_come(self, trainer: Trainer, declared: int) -> None:
        chunk = b"x" * (1 << 20)
        before = peak(trainer)
        # Without a length it is sent in chunks, until the trainer ends the connection.
        headers = {"Content-Length": str(declared)} if declared else {}
        body = (chunk for _ in range(1 << 10))
        assert trainer.problem("POST", "/v1/groups", content=body, headers=headers) == (413, "too-large")
        assert peak(trainer) - before < 256 * 1024 * 1024
        assert trainer.client.get("/v1/health").status_code == 200

    def test_that_are_no_record_say_where(self, trainer: Trainer) -> None:
        for content in [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, json.dumps({"id": "a"}).encode()]:
            answer = trainer.client.put("/v1/runs/a", content=content)
            assert (answer.status_code, answer.json()["reason"]) == (400, "malformed")
        other = run_of("b", "0" * 64)
        assert trainer.problem("PUT", "/v1/runs/a", json=other) == (400, "malformed")

    @pytest.mark.parametrize("path", ["/v1/runs/..%2f..%2fetc", "/v1/runs/" + "a" * 65, "/v1/runs/-a"])
    def test_for_what_is_no_name_of_a_run_are_refused(self, trainer: Trainer, path: str) -> None:
        status, reason = trainer.problem("PUT", path, json=run_of("a", "0" * 64))
        assert (status, reason) in {(400, "malformed"), (404, "no-such-route")}

    def test_with_lines_that_are_none_keep_the_others(self, trainer: Trainer) -> None:
        content = line(group("s1", "0" * 64)) + b"{}\n" + line(group("s2", "0" * 64, schema=9))
        found = trainer.client.post("/v1/groups", content=content).json()
        assert (found["stored"], found["known"]) == (1, 0)
        assert [(one["line"], one["id"], one["reason"]) for one in found["refused"]] == [
            (2, None, "malformed"),
            (3, "s2", "unknown-schema"),
        ]

    def test_sent_again_store_nothing_again(self, trainer: Trainer) -> None:
        content = line(group("t1", "0" * 64))
        assert trainer.client.post("/v1/groups", content=content).json()["stored"] == 1
        assert trainer.client.post("/v1/groups", content=content).json()["known"] == 1
        changed = line(group("t1", "0" * 64, form="other"))
        found = trainer.client.post("/v1/groups", content=changed).json()
        assert [one["reason"] for one in found["refused"]] == ["differs"]

    def test_that_are_cut_off_store_nothing(self, trainer: Trainer) -> None:
        content = line(group("u1", "0" * 64))
        with socket.create_connection(("127.0.0.1", trainer.port)) as connection:
            head = f"POST /v1/groups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n"
            connection.sendall(f"{head}Content-Length: {2 * len(content)}\r\n\r\n".encode() + content)
        time.sleep(0.3)
        assert trainer.client.post("/v1/groups", content=content).json()["stored"] == 1


def test_what_is_kept_is_the_owner_s(tmp_path: Path) -> None:
    with serving(tmp_path) as trainer:
        trainer.post("groups", [group("a", "0" * 64)])
    for path in (tmp_path / "data").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def description(folder: Path) -> dict[str, Any]:
    """What the app tells of itself, which the service shows to nobody."""
    metrics, records = Metrics(), Records(str(folder / "records"))
    runs = Runs(folder / "runs", folder, records, lambda: pytest.fail("nothing is trained"), metrics.observe)
    return make_app(records, runs, metrics).openapi()


@schemathesis.serializer("application/x-ndjson")
def as_lines(_: SerializationContext, value: Any) -> bytes:
    """A record as the one line of a body."""
    return json.dumps(value).encode() + b"\n"


def test_every_answer_is_as_it_is_described(trainer: Trainer, tmp_path: Path) -> None:
    """Bodies, paths and queries are made from the API's own description. Events do not end, so they are not asked for."""
    told = description(tmp_path)
    assert len(told["paths"]) == 10
    schema = schemathesis.openapi.from_dict(told).exclude(path_regex="events$")
    statuses: set[int] = set()

    def ask(case: schemathesis.Case[Any]) -> None:
        answer = case.call_and_validate(
            base_url=f"http://127.0.0.1:{trainer.port}",
            headers={"Authorization": f"Bearer {TOKEN}"},
            checks=[
                checks.not_a_server_error,
                checks.status_code_conformance,
                checks.content_type_conformance,
                checks.response_schema_conformance,
            ],
        )
        statuses.add(answer.status_code)

    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        cases = result.ok().as_strategy()
        bounded = settings(max_examples=15, deadline=None, derandomize=True, database=None)
        bounded(given(cases)(ask))()
    assert {200, 400, 404} <= statuses
