"""What was acknowledged stays, once, whatever happens."""

from __future__ import annotations

import errno
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tiny import attempt, record

from autodidact_trainer.problems import problem_of
from autodidact_trainer.rollouts import reading
from autodidact_trainer.store import record_store
from autodidact_trainer.store.ingest import Records
from autodidact_trainer.store.places import Place
from autodidact_trainer.store.record_store import RecordStore

if TYPE_CHECKING:
    from pathlib import Path

ONE, OTHER = ("a", b"1"), ("b", b"2")


def group_line(name: str, **changed: Any) -> bytes:
    """A group as a line of a body."""
    return json.dumps(record([attempt([b"4"])], id=name, **changed)).encode() + b"\n"


@pytest.fixture(params=["folder", "bucket"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to keep records."""
    return str(tmp_path / "kept") if request.param == "folder" else f"memory://{uuid4().hex}"


class TestStored:
    def test_once_by_id(self, address: str) -> None:
        store = RecordStore(Place(address))
        assert store.take([ONE, OTHER, ONE, ("a", b"other")]) == ["stored", "stored", "known", "differs"]
        assert store.take([ONE, ("b", b"other")]) == ["known", "differs"]
        assert dict(store.read(["b", "a", "missing"])) == dict([ONE, OTHER])

    def test_and_there_again_after_a_restart(self, address: str) -> None:
        RecordStore(Place(address)).take([ONE])
        RecordStore(Place(address)).take([OTHER])
        again = RecordStore(Place(address))
        assert again.take([ONE, OTHER, ("a", b"x")]) == ["known", "known", "differs"]
        assert dict(again.read(["a", "b"])) == dict([ONE, OTHER])

    def test_in_one_part_once_there_are_many(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(record_store, "MERGED_FROM", 4)
        place = Place(address)
        store = RecordStore(place)
        lines = [(str(nth), bytes([nth])) for nth in range(9)]
        for line in lines:
            store.take([line])
            store.merge()
        assert len(place.names()) < 4
        assert dict(store.read([name for name, _ in lines])) == dict(lines)
        assert dict(RecordStore(place).read([name for name, _ in lines])) == dict(lines)

    def test_whatever_a_kill_leaves_of_a_merge(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(record_store, "MERGED_FROM", 2)
        place = Place(address)
        store = RecordStore(place)
        store.take([ONE])
        store.take([OTHER])
        before = {name: place.read(name) for name in place.names()}
        assert store.merge()
        # As if it had been killed before it took the small ones away.
        for name, content in before.items():
            place.write(name, content)
        again = RecordStore(place)
        assert dict(again.read(["a", "b"])) == dict([ONE, OTHER])
        assert len(place.names()) == 1


class TestDamaged:
    @pytest.mark.parametrize("kept", [0, 1, 100, -1])
    def test_a_part_that_is_cut_off_is_set_aside(self, address: str, kept: int) -> None:
        place = Place(address)
        RecordStore(place).take([ONE])
        RecordStore(place).take([OTHER])
        last = place.names()[-1]
        content = place.read(last)
        place.write(last, content[:kept])
        again = RecordStore(place)
        assert again.set_aside == (last,)
        assert dict(again.read(["a", "b"])) == dict([ONE])
        assert again.take([OTHER]) == ["stored"]
        assert place.read(f"{last}.damaged") == content[:kept]
        assert RecordStore(place).count() == 2

    def test_what_was_being_written_is_cleared_away(self, tmp_path: Path) -> None:
        (tmp_path / "000000000001.parquet.part").write_bytes(b"PAR1")
        assert RecordStore(Place(str(tmp_path))).count() == 0
        assert list(tmp_path.iterdir()) == []

    def test_a_full_disk_stores_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        records = Records(str(tmp_path))

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("os.fsync", full)
            with pytest.raises(OSError, match="No space") as caught:
                records.take("groups", group_line("a"))
        assert problem_of(caught.value).reason == "disk-full"
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert records.take("groups", group_line("a")).stored == 1


class TestBodies:
    def test_are_taken_line_by_line(self, tmp_path: Path) -> None:
        records = Records(str(tmp_path))
        body = b"".join(
            [
                group_line("a"),
                b"\n",
                b"{broken\n",
                group_line("b", schema=2),
                group_line("a"),
                group_line("a", prompt="another"),
                group_line("x" * 1000),
                group_line("c")[:-5],
            ]
        )
        taken = records.take("groups", body)
        assert (taken.stored, taken.known) == (1, 1)
        assert [(one.line, one.id, one.reason) for one in taken.refused] == [
            (3, None, "not-json"),
            (4, "b", "unknown-schema"),
            (6, "a", "differs"),
            (7, None, "malformed"),
            (8, None, "cut-off"),
        ]
        again = Records(str(tmp_path))
        assert (again.groups.count(), again.refused.count()) == (1, 5)
        assert again.take("groups", body).refused == taken.refused
        assert again.refused.count() == 5

    def test_may_lack_the_last_end_of_line(self, tmp_path: Path) -> None:
        taken = Records(str(tmp_path)).take("groups", group_line("a")[:-1])
        assert (taken.stored, taken.refused) == (1, ())

    def test_hold_examples(self, tmp_path: Path) -> None:
        line = {"schema": 1, "id": "e", "kind": "deduction", "prompt": ">>> f(2)\n", "target": "4\n"}
        records = Records(str(tmp_path))
        taken = records.take("examples", json.dumps(line).encode() + b'\n{"schema": 1, "id": "f"}\n')
        assert (taken.stored, [one.id for one in taken.refused]) == (1, ["f"])
        assert (records.examples.count(), records.groups.count()) == (1, 0)

    def test_of_a_line_that_is_too_long_keep_its_beginning(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "LONGEST_LINE", 100)
        monkeypatch.setattr("autodidact_trainer.store.ingest.KEPT_OF_TOO_LONG", 10)
        records = Records(str(tmp_path))
        taken = records.take("groups", group_line("a"))
        assert [one.reason for one in taken.refused] == ["too-long"]
        name = f"groups/too-long/{sha256(group_line('a')[:-1]).hexdigest()}"
        assert dict(records.refused.read([name])) == {name: group_line("a")[:10]}
