"""Blobs as the release before wrote them, and as a release after may write them."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from maskline.domain.application import Application, ApplicationPrompts, Mode
from maskline.domain.binding import Role
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.message_rule import MessageRules
from maskline.domain.recording import CallRecording
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.domain.trunk import Protection, Trunk
from maskline.stores.blob import (
    pack_application,
    pack_call,
    pack_record,
    pack_trunk,
    unpack_application,
    unpack_call,
    unpack_record,
    unpack_trunk,
)

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
US = 1_772_600_767_890_123
CALL = Call(
    session_id="s",
    icid="icid",
    host="host",
    app_key="app",
    tenant_id="tenant",
    mode=Mode.AXB,
    x="+861700",
    caller="+86139",
    callee="+86138",
    role=Role.A,
    binding_id="binding",
    user_data="order",
    arrived_at=NOW,
    answered_at=NOW + timedelta(microseconds=5),
)
RECORD = CallRecord(
    call=CALL,
    end=CallEnd(
        at=NOW, release=ReleaseCode.BUSY, q850=17, sip_status=486, hung_up_by=HungUpBy.CALLEE
    ),
)
OLD_CALL = [
    *("icid", "host", "tenant", "axb", "+86139", US, "binding", Role.A.value, "+86138", "order"),
    *(None, None, US + 5),
]
OLD_END = [US, ReleaseCode.BUSY.value, 17, 486, HungUpBy.CALLEE.value]
PLACE = {"session_id": "s", "app_key": "app", "x": "+861700"}


@pytest.mark.parametrize("later", [[], [None] * 6 + [b"", "of a later release"]])
def test_a_call_of_another_release_opens(later: list[object]):
    assert unpack_call(msgspec.msgpack.encode([*OLD_CALL, *later]), **PLACE) == CALL


@pytest.mark.parametrize("later", [[], [0.0, "of a later release"]])
def test_a_record_of_another_release_opens(later: list[object]):
    packed = msgspec.msgpack.encode([OLD_CALL, [*OLD_END, *later]])
    assert unpack_record(packed, **PLACE) == RECORD


def test_what_the_release_before_reads_stands_where_it_was():
    call = CALL.recorded(CallRecording(object_name="o", bucket="b", domain="d", started_at=NOW))
    assert msgspec.msgpack.decode(pack_call(call))[: len(OLD_CALL)] == OLD_CALL
    record = CallRecord(call=call, end=RECORD.end)
    kept_call, kept_end = msgspec.msgpack.decode(pack_record(record))
    assert kept_call[: len(OLD_CALL)] == OLD_CALL
    assert kept_end[: len(OLD_END)] == OLD_END


def test_an_application_of_the_release_before_names_no_prompts_and_no_rules_of_messages():
    application = Application(
        app_key="app", tenant_id="t", name="n", mode=Mode.AXB, secret="s", created_at=NOW
    )
    fields = msgspec.msgpack.decode(pack_application(application))
    del fields["prompts"], fields["messages"]
    assert unpack_application(msgspec.msgpack.encode(fields)) == application


def test_the_prompts_and_rules_of_an_application_come_back():
    application = Application(
        app_key="app",
        tenant_id="t",
        name="n",
        mode=Mode.AXB,
        secret="s",
        prompts=ApplicationPrompts(no_binding="none.wav", waiting_tone="wait.wav"),
        messages=MessageRules(shows_text=True, opt_out_words=("TD", "退订"), parts_per_day=9),
        created_at=NOW,
    )
    assert unpack_application(pack_application(application)) == application


def test_a_trunk_of_an_earlier_release_has_no_encryption():
    kept = msgspec.msgpack.decode(pack_trunk(Trunk(name="t", host="h")))
    del kept["protection"]
    assert unpack_trunk(msgspec.msgpack.encode(kept)) == Trunk(name="t", host="h")


def test_a_trunk_keeps_its_encryption():
    trunk = Trunk(name="t", host="h", protection=Protection.SDES)
    assert unpack_trunk(pack_trunk(trunk)) == trunk
