"""After an erasure nothing of the person is left: every table is read, with no seal in the way."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.contract.store.making import Make
from tests.integration.person.tables import NO_PERSON, FileTables, ServerTables, Tables
from tests.postgres import Cluster
from tests.unit.services.recording_world import PlainSeal

from maskline.domain.binding import AxBinding, Binding, Onward, OnwardKind
from maskline.domain.message import BlockKind, MessageBlock
from maskline.domain.notice import FailedTry, NoticeState, Trouble
from maskline.domain.recording import RecordingState
from maskline.domain.trace import Trace, TraceStep
from maskline.services.clock import SteppedClock
from maskline.services.ids import SystemIds
from maskline.services.message_store import MessageFilter
from maskline.services.notice_store import NoticeFilter
from maskline.services.person import PersonFinder
from maskline.services.person_erasure import PersonEraser
from maskline.services.person_marker import ERASED
from maskline.services.recording_archive import RecordingArchive
from maskline.services.recording_link import RecordingLinks
from maskline.services.store import (
    BindingFilter,
    BindLimits,
    Listing,
    NumberChoice,
    Page,
    RecordFilter,
    Store,
)
from maskline.storages.local import LocalStorage
from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresStore
from maskline.stores.sealing import Cipher, Sealer
from maskline.stores.sqlite import SqliteStore

PERSON, OTHER, STRANGER = "+8613811112222", "+8613822223333", "+8613833334444"
LATE = "+8613844445555"
ANYWHERE = NumberChoice(area_codes=(), any_area=True)
ROOMY = BindLimits(pairs=99)


@dataclass
class World:
    store: Store
    finder: PersonFinder
    eraser: PersonEraser
    tables: Tables
    recordings: Path
    make: Make

    def tables_with(self, *wanted: bytes) -> list[str]:
        return [
            name
            for name, rows in self.tables.rows().items()
            if any(_holds(cell, wanted) for row in rows for cell in row)
        ]

    def files(self) -> list[str]:
        return [path.name for path in self.recordings.rglob("*") if path.is_file()]


def _holds(cell: object, wanted: tuple[bytes, ...]) -> bool:
    content = cell if isinstance(cell, bytes) else str(cell).encode()
    return any(one in content for one in wanted)


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture(params=["sqlite", "postgres"])
async def world(
    request: pytest.FixtureRequest, tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A store whose seals are glass, so that its columns show what is in them."""
    for verb in ("seal", "open"):
        monkeypatch.setattr(Cipher, verb, _as_it_is)
    clock = SteppedClock(make.now)
    store: Store
    if request.param == "sqlite":
        path = tmp_path / "maskline.db"
        store, tables = SqliteStore(path, FixedKeys(), clock=clock), FileTables(path)
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.socket_url(cluster.emptied())
        store, tables = PostgresStore(url, FixedKeys(), clock=clock), ServerTables(url)
    await store.open()
    storage = LocalStorage(tmp_path / "recordings")
    await storage.start()
    archive = RecordingArchive(
        store=store,
        storage=storage,
        seal=PlainSeal(),
        links=RecordingLinks(bytes(32), timedelta(days=1), "http://127.0.0.1"),
        clock=clock,
    )
    eraser = PersonEraser(store, archive, clock, SystemIds(), bytes(32))
    finder = PersonFinder(store, clock)
    world = World(store, finder, eraser, tables, tmp_path / "recordings", make)
    await _live_a_while(world, storage, tmp_path)
    yield world
    archive.close()
    await storage.aclose()
    await store.close()


def _as_it_is(_: Cipher, content: bytes, __: bytes) -> bytes:
    return content


async def _live_a_while(world: World, storage: LocalStorage, tmp_path: Path) -> None:
    """A person in every place where a number can be."""
    store, make = world.store, world.make
    for tenant_id in (make.tenant_id, "other"):
        await store.add_tenant(make.tenant(tenant_id))
    await store.add_application(make.application())
    await store.add_application(make.application("app-2", tenant_id="other"))
    await store.add_numbers([make.number(f"+861700000000{digit}") for digit in range(1, 6)])
    await store.add_numbers([make.number("+8617000000008", app_key="app-2")])
    await _bind(world)
    for session, caller, callee in (("s-out", PERSON, OTHER), ("s-in", OTHER, PERSON)):
        call = make.call(session, caller=caller, callee=callee, user_data=f"for {PERSON[3:]}")
        body = f"call of {caller} and {callee}".encode()
        await store.save_call(call, [make.notice(session, body=body)])
        if session == "s-out":
            (queued,) = await store.claim(make.endpoint(), make.now, make.after(9), 1)
            failed = FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")
            await store.settle([], [failed])
            trouble = Trouble(
                endpoint=make.endpoint(), receiver="mark", since=make.now, error="HTTP 500"
            )
            await store.save_trouble(trouble)
        else:
            (queued,) = await store.claim(make.endpoint(), make.now, make.after(9), 1)
            await store.settle([queued.sequence], [], {queued.sequence: make.accepted()})
        await store.finish_call(make.record(call), [make.notice(session, body=body)])
        steps = (TraceStep(0.0, "A>X", "INVITE"),)
        trace = Trace(session_id=session, app_key=make.app_key, began_at=make.now, steps=steps)
        await store.save_traces([trace])
    await store.finish_call(make.record(make.call("s-other", caller=OTHER, callee=STRANGER)), [])
    recording = make.recording("20260304-1.wav", session_id="s-out", state=RecordingState.KEPT)
    audio = tmp_path / "recordings" / "audio"
    audio.write_bytes(b"voice")
    await storage.keep(audio, recording.bucket, recording.object_name)
    await store.save_recording(recording)
    file = make.report_file("face.jpg")
    await store.add_report_files([(file, b"face")], 9)
    await store.save_registrants([make.registrant(PERSON, photo=file.name)], 9)
    await _write(world)


async def _write(world: World) -> None:
    """Short messages of a person, of others, and at another tenant."""
    store, make = world.store, world.make
    since = make.after(-600)
    part = make.segment(1, sender=PERSON, total=1, text=f"part of {PERSON}")
    await store.keep_segment(part, since)
    for message_id, sender, receiver in (
        ("m-out", PERSON, OTHER),
        ("m-in", OTHER, PERSON),
        ("m-other", OTHER, STRANGER),
        ("m-foreign", PERSON, OTHER),
    ):
        message = make.message(
            message_id,
            app_key="app-2" if message_id == "m-foreign" else make.app_key,
            sender=sender,
            receiver=receiver,
            text=f"I am {sender}",
            outgoing=f"I am {sender}[From{sender}]",
            user_data=f"for {PERSON[3:]}" if PERSON in {sender, receiver} else "",
        )
        segments = [part] if message_id == "m-out" else []
        await store.accept_message(message, [], lease=None, repeats_since=since, segments=segments)
        body = f"message of {sender}".encode()
        notice = make.notice(message_id, app_key=message.app_key, body=body)
        notices = [] if message_id == "m-other" else [notice]
        await store.finish_message(make.ended(message), [make.message_part()], notices)
    late = make.segment(2, sender=PERSON, text=f"and {PERSON}")
    await store.keep_segment(late, since)
    await store.keep_segment(replace(late, x="+8617000000008"), since)
    for binding_id in ("own", "f", "gone"):
        await store.allot_reply_tag(binding_id, PERSON, make.now)
    await store.allot_reply_tag("own", OTHER, make.now)
    for kind, app_key in ((BlockKind.OPTED_OUT, make.app_key), (BlockKind.BLOCKED, "app-2")):
        await store.save_block(
            MessageBlock(kind=kind, app_key=app_key, number=PERSON, created_at=make.now)
        )


async def _bind(world: World) -> None:
    store, make = world.store, world.make
    own = make.binding(PERSON, OTHER, binding_id="own", user_data=f"of {PERSON}")
    keyed = make.keyed_bind("order 1", binding_id="own", request=PERSON.encode())
    await store.reserve_key(keyed, make.now, 9)
    await store.keep_answer(replace(keyed, status=200, answer=PERSON.encode()))
    await store.bind(own, ROOMY, make.now, None)
    await store.bind(make.expiring(-5, PERSON, STRANGER), ROOMY, make.after(-9), ANYWHERE)
    for one in (make.binding(PERSON, STRANGER), make.binding(OTHER, PERSON, binding_id="was-b")):
        await store.bind(one, ROOMY, make.now, ANYWHERE)
        await store.unbind(make.app_key, one.binding_id, make.now)
    relation = await store.bind(make.relation(OTHER), BindLimits(pairs=1), make.now, ANYWHERE)
    await store.bind_yb(make.part(relation, PERSON), ROOMY, make.now, ANYWHERE)
    foreign = make.binding(PERSON, OTHER, app_key="app-2", x="+8617000000008", binding_id="f")
    await store.bind(foreign, ROOMY, make.now, None)
    ax = AxBinding(**make.shared(STRANGER, x="+8617000000005"))
    await store.bind(ax, BindLimits(pairs=1), make.now, None)
    now, last = make.now, OnwardKind.LAST_CALLER
    await store.set_onward(make.app_key, ax.binding_id, last, Onward(number=PERSON), now)
    other = Onward(number=OTHER)
    await store.set_onward(make.app_key, ax.binding_id, OnwardKind.TEMPORARY_CALLEE, other, now)


def _traces_of(number: str) -> tuple[bytes, ...]:
    lookup = Sealer(FixedKeys(), lambda _: None, lambda _: None).lookup
    registered = [lookup(f"registrant:{tenant}:{number}") for tenant in ("tenant-1", "other")]
    return (number[3:].encode(), lookup(number), *registered)


async def test_every_table_that_may_hold_a_person_is_looked_into(world: World):
    empty = {name for name, rows in world.tables.rows().items() if not rows}
    assert empty - {"erasure"} <= NO_PERSON
    dead = await world.store.notices(NoticeFilter(state=NoticeState.DEAD), Page())
    assert [kept.notice.stream for kept in dead.rows] == ["s-out"]


async def test_nothing_is_left_of_who_was_erased(world: World):
    traces = _traces_of(PERSON)
    assert set(world.tables_with(*traces)) == {
        "binding", "route", "onward", "call_record", "outbox", "registrant", "bind_key",
        "ended_binding", "message", "message_segment", "message_block", "reply_tag",
        "delivered_notice",
    }  # fmt: skip
    erased = await world.eraser.erase(PERSON, world.make.tenant_id)
    await world.store.unbind("app-2", "f", world.make.now)
    await world.eraser.erase(PERSON, "other")
    assert (erased.bindings, erased.mentions, erased.records) == (2, 1, 2)
    assert erased.ended_bindings == 5  # those, one that had expired, and two that had ended
    assert (erased.recordings, erased.registrations, erased.notices) == (1, 1, 5)
    assert (erased.messages, erased.message_parts, erased.message_blocks) == (2, 2, 1)
    assert erased.reply_tags == 2  # with that of a binding that is gone
    assert world.tables_with(*traces) == []
    assert world.tables_with(b"face") == []
    assert world.files() == []
    assert not world.tables.rows()["call_trace"]
    assert len((await world.store.notices(NoticeFilter(), Page())).rows) == 0


async def test_a_binding_that_expires_in_the_midst_of_it_goes_too(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    store, make, clock = world.store, world.make, SteppedClock(world.make.now)
    await store.bind(make.expiring(5, LATE), ROOMY, make.now, ANYWHERE)
    find = store.bindings

    async def find_late(wanted: BindingFilter, now: datetime, page: Page) -> Listing[Binding]:
        clock.step(9)
        return await find(wanted, clock.now(), page)

    monkeypatch.setattr(store, "bindings", find_late)
    eraser = PersonEraser(store, None, clock, SystemIds(), bytes(32))
    assert (await eraser.erase(LATE, make.tenant_id)).ended_bindings == 1
    assert world.tables_with(*_traces_of(LATE)) == []


async def test_records_stay_for_billing_without_the_number(world: World):
    await world.eraser.erase(PERSON, world.make.tenant_id)
    kept = (await world.store.call_records(RecordFilter(), Page())).rows
    parties = {one.call.session_id: (one.call.caller, one.call.callee) for one in kept}
    assert parties == {
        "s-out": (ERASED, OTHER),
        "s-in": (OTHER, ERASED),
        "s-other": (OTHER, STRANGER),
    }
    assert len((await world.store.call_records(RecordFilter(party=PERSON), Page())).rows) == 0
    assert len((await world.store.call_records(RecordFilter(party=OTHER), Page())).rows) == 3


async def test_records_of_messages_stay_without_the_number_and_without_texts(world: World):
    await world.eraser.erase(PERSON, world.make.tenant_id)
    kept = (await world.store.messages(MessageFilter(app_key=world.make.app_key), Page())).rows
    assert {one.message_id: (one.sender, one.receiver, bool(one.text)) for one in kept} == {
        "m-out": (ERASED, OTHER, False),
        "m-in": (OTHER, ERASED, False),
        "m-other": (OTHER, STRANGER, True),
    }
    assert [len(one.parts) for one in kept] == [1, 1, 1]
    [foreign] = (await world.store.messages(MessageFilter(party=PERSON), Page())).rows
    assert (foreign.message_id, foreign.text) == ("m-foreign", f"I am {PERSON}")


async def test_others_and_other_tenants_lose_nothing(world: World):
    before = _traces_of(STRANGER)
    await world.eraser.erase(PERSON, world.make.tenant_id)
    assert set(world.tables_with(*before)) == {"binding", "route", "call_record", "message"}
    left = await world.store.bindings(BindingFilter(party=PERSON), world.make.now, Page())
    assert [binding.binding_id for binding in left.rows] == ["f"]
    [place] = await world.store.onward_after(world.make.app_key, 0, 9)
    assert [one.number for one in place.onward.values()] == [OTHER]
    assert await world.store.reply_tag_number("own", 2) == OTHER
    data = await world.finder.export(PERSON, "other")
    assert (len(data.messages), len(data.message_parts), len(data.reply_tags)) == (1, 1, 1)
    assert [block.app_key for block in data.message_blocks] == ["app-2"]


async def test_an_erasure_may_be_repeated_and_is_logged_without_the_number(world: World):
    first = await world.eraser.erase(PERSON, world.make.tenant_id)
    again = await world.eraser.erase(PERSON, world.make.tenant_id)
    assert (again.bindings, again.records, again.recordings) == (0, 0, 0)
    log = await world.eraser.erasures()
    assert [(entry.erasure_id, is_sound) for entry, is_sound in log] == [
        (first.erasure_id, True),
        (again.erasure_id, True),
    ]
    assert log[0][0].seal.hex() == first.seal
    assert PERSON[3:] not in repr(log)


async def test_processes_that_erase_at_once_write_one_log(world: World):
    store, clock = world.store, SteppedClock(world.make.now)
    others = [PersonEraser(store, None, clock, SystemIds(), bytes(32)) for _ in range(3)]
    numbers = [OTHER, STRANGER, LATE]
    erasing = zip(others, numbers, strict=True)
    await asyncio.gather(*(one.erase(number, world.make.tenant_id) for one, number in erasing))
    assert [(entry.place, ok) for entry, ok in await world.eraser.erasures()] == [
        (1, True),
        (2, True),
        (3, True),
    ]


async def test_a_log_that_was_changed_shows_it(world: World):
    for _ in range(3):
        await world.eraser.erase(PERSON, world.make.tenant_id)
    world.tables.change("DELETE FROM erasure WHERE place = 1")
    world.tables.change("UPDATE erasure SET counts = '{}' WHERE place = 3")
    assert [is_sound for _, is_sound in await world.eraser.erasures()] == [False, False]


async def test_what_is_not_over_stays_and_goes_the_next_time(world: World):
    store, make = world.store, world.make
    unfinished = make.recording("late.wav", session_id="s-in")
    await store.save_recording(unfinished)
    await store.save_call(make.call("s-live", caller=PERSON, callee=OTHER), [])
    message = make.message(sender=PERSON)
    await store.accept_message(message, [], lease=None, repeats_since=make.now)
    erased = await world.eraser.erase(PERSON, make.tenant_id)
    assert (erased.live_calls, erased.unfinished_recordings, erased.records) == (1, 1, 1)
    assert (erased.live_messages, erased.messages) == (1, 2)
    await store.finish_message(make.ended(message), [], [])
    await store.save_recording(replace(unfinished, state=RecordingState.KEPT))
    await store.finish_call(make.record(make.call("s-live", caller=PERSON, callee=OTHER)), [])
    erased = await world.eraser.erase(PERSON, make.tenant_id)
    assert (erased.live_calls, erased.unfinished_recordings, erased.records) == (0, 0, 2)
    assert (erased.live_messages, erased.messages) == (0, 1)


async def test_a_person_gets_all_that_is_held_and_nobody_elses_number(world: World):
    data = await world.finder.export(PERSON, None)
    assert {binding.binding_id for binding in data.bindings} >= {"own", "f"}
    assert len(data.bindings) == 3
    assert {one.binding_id: (one.role, one.cause) for one in data.ended_bindings}["was-b"] == (
        "B",
        "unbound",
    )
    assert [mention.kind for mention in data.mentions] == ["last_caller"]
    assert {call.session_id: call.was_caller for call in data.calls} == {
        "s-out": True,
        "s-in": False,
    }
    assert [recording.object_name for recording in data.recordings] == ["20260304-1.wav"]
    [registration] = data.registrations
    assert (registration.name, registration.photo) == ("王小明", "face.jpg")
    assert [len(trace.steps) for trace in data.traces] == [1, 1]
    assert {one.message_id: (one.was_sender, one.text) for one in data.messages} == {
        "m-out": (True, f"I am {PERSON}"),
        "m-in": (False, "I am +86138****3333[From+86138****3333]"),
        "m-foreign": (True, f"I am {PERSON}"),
    }
    assert sorted(part.number for part in data.message_parts) == [1, 2, 2]
    assert [(tag.binding_id, tag.tag) for tag in data.reply_tags] == [
        ("f", 1),
        ("gone", 1),
        ("own", 1),
    ]
    assert {block.kind for block in data.message_blocks} == {"opted_out", "blocked"}
    shown = json.dumps(repr(data))
    assert PERSON in shown
    assert not [number for number in (OTHER, STRANGER) if number[3:] in shown]


async def test_an_export_of_one_tenant_leaves_the_others_out(world: World):
    data = await world.finder.export(PERSON, "other")
    assert [binding.binding_id for binding in data.bindings] == ["f"]
    assert (data.calls, data.registrations, data.mentions) == ((), (), ())
