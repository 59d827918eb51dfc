import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contract.store.making import Make

from maskline.domain.binding import AxBinding, Onward, OnwardKind, VoiceOptions
from maskline.domain.error import StoreFailed
from maskline.domain.message import BlockKind, MessageBlock
from maskline.domain.notice import FailedTry
from maskline.domain.sms_link import SmsLink
from maskline.domain.trunk import Trunk
from maskline.services.list_filter import CallFilter, PromptFilter
from maskline.services.message_store import MessageFilter
from maskline.services.page import Slice
from maskline.services.registrant_store import RegistrantFilter, ReportFileFilter
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page, RecordFilter
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

A, B, CALLER, CALLEE = "+8613911112222", "+8613833334444", "+8613755556666", "+8613677778888"
REGISTERED, HANDLER = "+8613511119999", "+8613522228888"
WRITER, READER, TAGGED = "+8613311110001", "+8613322220002", "+8613344440003"
HIDDEN, REACHED, REMEMBERED = "+8613412123434", "+8613423234545", "+8613434345656"
SECRETS = (
    "application-secret-0815",
    "trunk-password-0815",
    "inbound-password-0815",
    "order 4711 of Mr Wang",
    "body with a real number",
    "token-in-a-callback-address",
    "what the prompt is about",
    "why it was rejected",
    "Wang Xiaoming",
    "11010519491231002X",
    "face-of-mr-wang.jpg",
    "a photo, sealed as it is",
    "names do not match",
    "key of the order 4711",
    "answer with a real number",
    "what goes with the next call",
    "see you at the north gate",
    "half of a long message",
    "password-of-a-link-0815",
    "why nobody may write to him",
)


async def _write_everything(store: SqliteStore, make: Make) -> None:
    application = make.application(
        secret=SECRETS[0], status_url=f"https://one.example/?t={SECRETS[5]}"
    )
    await store.save_application(application)
    trunk = Trunk(name="t", host="h", username="u", password=SECRETS[1])
    await store.save_trunk(replace(trunk, inbound_password=SECRETS[2]))
    binding = make.binding(A, B, user_data=SECRETS[3])
    await store.bind(binding, BindLimits(pairs=9), make.now, None)
    voice = VoiceOptions(record=True)
    await store.modify(replace(binding, a=CALLER, voice=voice), BindLimits(pairs=9), make.now)
    await _write_ax(store, make)
    call = make.call("s", caller=CALLER, callee=CALLEE, user_data=SECRETS[3])
    notice = make.notice("s", body=f"{SECRETS[4]} {A}".encode())
    await store.save_call(call, [notice])
    (queued,) = await store.claim(make.endpoint(), make.now, make.after(1), 1)
    failed = FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")
    await store.settle([], [failed])
    await store.finish_call(make.record(replace(call, session_id="t")), [make.notice("t")])
    prompt = make.prompt(description=SECRETS[6], rejection=SECRETS[7])
    await store.save_prompt(prompt, make.sound())
    file = make.report_file(SECRETS[10])
    await store.add_report_files([(file, SECRETS[11].encode())], 9)
    registrant = make.registrant(REGISTERED, photo=file.name)
    report = replace(registrant.report, name=SECRETS[8], operator_number=HANDLER)
    registrant = replace(registrant, report=report).reject(SECRETS[12], make.now)
    await store.save_registrants([registrant], 9)
    keyed = make.keyed_bind(SECRETS[13], request=A.encode())
    await store.reserve_key(keyed, make.now, 9)
    await store.keep_answer(replace(keyed, status=200, answer=f"{SECRETS[14]} {A}".encode()))
    await _write_relation(store, make)
    await _write_messages(store, make)


async def _write_messages(store: SqliteStore, make: Make) -> None:
    message = make.message("m", sender=WRITER, receiver=READER, text=SECRETS[16])
    segment = make.segment(sender=WRITER, text=SECRETS[17])
    await store.keep_segment(segment, make.now)
    await store.accept_message(message, [], lease=None, repeats_since=make.now, segments=[segment])
    await store.save_message(replace(message, outgoing=SECRETS[16]), lease=None)
    await store.finish_message(make.ended(message), [make.message_part()], [])
    block = MessageBlock(
        kind=BlockKind.OPTED_OUT,
        app_key=make.app_key,
        number=READER,
        reason=SECRETS[19],
        created_at=make.now,
    )
    await store.save_block(block)
    await store.allot_reply_tag("b", TAGGED, make.now)
    link = SmsLink(name="l", host="h", system_id="s", password=SECRETS[18])
    await store.save_sms_link(link)


async def _write_relation(store: SqliteStore, make: Make) -> None:
    await store.add_numbers([make.number("+8617000000002"), make.number("+8617000000003")])
    anywhere = NumberChoice(area_codes=(), any_area=True)
    wanted = replace(make.relation(A), user_data=SECRETS[3])
    relation = await store.bind(wanted, BindLimits(pairs=1), make.now, anywhere)
    part = replace(make.part(relation, B), user_data=SECRETS[3])
    await store.bind_yb(part, BindLimits(pairs=9), make.now, anywhere)


async def _write_ax(store: SqliteStore, make: Make) -> None:
    """A behind a number of its own, who may call on."""
    x = "+8617000000077"
    await store.add_numbers([make.number(x)])
    binding = AxBinding(
        binding_id="ax",
        app_key=make.app_key,
        x=x,
        a=HIDDEN,
        created_at=make.now,
        modified_at=make.now,
    )
    await store.bind(binding, BindLimits(pairs=1), make.now, None)
    for kind, onward in (
        (OnwardKind.TEMPORARY_CALLEE, Onward(number=REACHED, user_data=SECRETS[15])),
        (OnwardKind.LAST_CALLER, Onward(number=REMEMBERED)),
    ):
        await store.set_onward(make.app_key, "ax", kind, onward, make.now)


def _spellings(text: str) -> Iterator[bytes]:
    yield text.encode()
    yield text.removeprefix("+86").encode()
    yield text.encode("utf-16-le")
    yield base64.b64encode(text.encode())[:-4]
    if text.startswith("+"):
        yield int(text[1:]).to_bytes(8, "big").lstrip(b"\0")
        yield int(text[1:]).to_bytes(8, "little").rstrip(b"\0")


@pytest.mark.parametrize(
    "text",
    [
        *(A, B, CALLER, CALLEE, REGISTERED, HANDLER, HIDDEN, REACHED, REMEMBERED),
        *(WRITER, READER, TAGGED, *SECRETS),
    ],
)
async def test_a_copy_of_the_files_shows_no_number_secret_or_text(
    filled: SqliteStore, path: Path, make: Make, text: str
):
    await _write_everything(filled, make)
    running = [file.read_bytes() for file in path.parent.iterdir()]
    assert sum(map(len, running)) > 50_000
    await filled.close()
    for dump in [*running, *(file.read_bytes() for file in path.parent.iterdir())]:
        for spelling in _spellings(text):
            assert spelling not in dump


async def test_what_may_be_seen_is_seen_so_the_test_above_looks_in_the_right_place(
    filled: SqliteStore, path: Path, make: Make
):
    await _write_everything(filled, make)
    running = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert make.x.encode() in running
    assert make.app_key.encode() in running


async def test_files_may_be_read_by_their_owner_only(filled: SqliteStore, path: Path):
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert {"maskline.db", "maskline.db-wal", "maskline.db-shm", "maskline.db.lock"} == set(modes)
    assert set(modes.values()) == {0o600}


async def test_a_wrong_master_key_is_refused_at_the_start(
    filled: SqliteStore, path: Path, make: Make
):
    await filled.close()
    store = SqliteStore(path, FixedKeys(b"\1" * 32))
    with pytest.raises(StoreFailed, match="master key"):
        await store.open()
    right = SqliteStore(path, FixedKeys())
    await right.open()
    assert await right.application(make.app_key) == make.application()
    await right.close()


@pytest.mark.parametrize(
    ("table", "name", "column"),
    [
        ("binding", "binding_id", "sealed"),
        ("call_record", "session_id", "sealed"),
        ("outbox", "notice_id", "body"),
        ("application", "app_key", "sealed"),
        ("live_call", "session_id", "sealed"),
        ("prompt", "name", "sealed"),
        ("report_file", "name", "sealed"),
        ("registrant", "number", "sealed"),
        ("message", "message_id", "sealed"),
        ("message", "message_id", "texts"),
    ],
)
async def test_blobs_swapped_between_rows_do_not_open(
    filled: SqliteStore, path: Path, make: Make, table: str, name: str, column: str
):
    await filled.add_application(make.application("app-2"))
    for file in ("one.wav", "two.wav"):
        await filled.save_prompt(make.prompt(file), make.sound())
        await filled.bind(make.binding(), BindLimits(pairs=9), make.now, None)
        await filled.save_call(make.call(), [])
        await filled.add_report_files([(make.report_file(file), b"photo")], 9)
        await filled.save_registrants([make.registrant()], 9)
        call = make.call()
        await filled.finish_call(make.record(call), [make.notice(call.session_id)])
        await filled.accept_message(make.message(), [], lease=None, repeats_since=make.now)
    swap = f"""
        UPDATE {table} SET {column} = (SELECT {column} FROM {table} AS other
        WHERE other.{name} != {table}.{name})
    """  # noqa: S608  # names of our own
    await filled._database.writer.submit(lambda cursor: cursor.execute(swap) and None)
    reads = {
        "binding": lambda: filled.bindings(BindingFilter(), make.now, Page()),
        "call_record": lambda: filled.call_records(RecordFilter(), Page()),
        "outbox": lambda: filled.claim(make.endpoint(), make.now, make.after(1), 9),
        "application": lambda: filled.application(make.app_key),
        "live_call": lambda: filled.live_calls(CallFilter(), Page()),
        "prompt": lambda: filled.prompts(PromptFilter(), Page()),
        "report_file": lambda: filled.report_files(
            ReportFileFilter(tenant_id=make.tenant_id), Slice()
        ),
        "registrant": lambda: filled.registrants(RegistrantFilter(), Page()),
        "message": lambda: filled.messages(MessageFilter(), Page()),
    }
    with pytest.raises(StoreFailed, match="belongs to another row"):
        await reads[table]()


async def test_onward_numbers_swapped_between_kinds_do_not_open(filled: SqliteStore, make: Make):
    await _write_ax(filled, make)
    swap = """
        UPDATE onward SET sealed = (SELECT sealed FROM onward AS other
        WHERE other.kind != onward.kind)
    """
    await filled._database.writer.submit(lambda cursor: cursor.execute(swap) and None)
    with pytest.raises(StoreFailed, match="belongs to another row"):
        await filled.route("+8617000000077", HIDDEN)


async def test_tenants_have_keys_of_their_own(filled: SqliteStore, make: Make):
    await filled.add_tenant(make.tenant("second"))
    await filled.add_application(make.application("app-2", tenant_id="second"))
    sealer = filled._database.sealer
    sealed = sealer.seal(make.app_key, b"text", b"place")
    assert sealer.open(make.app_key, sealed, b"place") == b"text"
    with pytest.raises(StoreFailed):
        sealer.open("app-2", sealed, b"place")
