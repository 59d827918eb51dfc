"""An AXYB call from INVITE to record, with real SIP in memory (`spec/axyb.md` 6-9)."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.planes.call.scripted_engine import ScriptedEngine

from maskline.domain.application import ApplicationPrompts, Mode
from maskline.domain.binding import CallDirection, VoiceOptions, XyRelation, YbBinding
from maskline.domain.notice import Purpose
from maskline.domain.release import ReleaseCode
from maskline.domain.virtual_number import VirtualNumber
from maskline.planes.media.engine import Side
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    InviteReceived,
    Rejected,
    Ringing,
)
from maskline.services.prompt import FixedPrompts, PromptFile
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page

A, B, C, LANDLINE = "+8613900001001", "+8613900003003", "+8613900004004", "+8675528000001"
X, Y, BEIJING = "+8617000002001", "+8617000002002", "+8617000003001"
START = datetime(2026, 1, 2, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 3, tzinfo=UTC)
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


@pytest.fixture
async def stage(stage):
    """The application is one of AXYB, with a second number in the city of X."""
    applications = stage.store._tables.applications
    applications["k"] = replace(applications["k"], mode=Mode.AXYB)
    await add_number(stage, Y)
    return stage


async def add_number(stage, number, area_code="0755"):
    row = VirtualNumber(number=number, app_key="k", area_code=area_code, created_at=START)
    await stage.store.add_numbers([row])


async def relate(stage, **changes):
    """Put A behind X."""
    values = {
        "binding_id": "r1", "app_key": "k", "x": X, "a": A, "user_data": "trip-7",
        "created_at": START, "modified_at": START,
    }  # fmt: skip
    relation = XyRelation(**values | changes)
    return await stage.store.bind(relation, BindLimits(pairs=1), START, None)


async def join(stage, relation, **changes):
    """Put B behind Y."""
    values = {
        "binding_id": "p1", "relation_id": "r1", "app_key": "k", "x": X, "a": A, "b": B,
        "voice": relation.voice, "user_data": "trip-7", "created_at": START, "modified_at": START,
    }  # fmt: skip
    choice = NumberChoice(area_codes=("0755",), any_area=False)
    return await stage.store.bind_yb(
        YbBinding(**values | changes), BindLimits(pairs=9), START, choice
    )


async def parts(stage):
    """The live YB parts of the relation."""
    wanted = BindingFilter(relation_id="r1")
    found = await stage.store.bindings(wanted, stage.services.clock.now(), Page())
    return found.rows


async def talk(stage, caller, dialled):
    """A call that is answered and ended by its caller; the INVITE that the callee got."""
    stage.caller.dial(dialled, caller=caller)
    invite = await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    await stage.callee.until(Acknowledged)
    stage.caller.do("end")
    await stage.callee.until(EndReceived)
    return invite.request


async def refused(stage, caller, dialled=X):
    """A call that is refused: the status of the caller's phone and the record."""
    stage.caller.dial(dialled, caller=caller)
    status = (await stage.caller.until(Rejected)).status
    record = await stage.record()
    assert stage.wires.bytes_to(stage.callee.shell.flow) == b""
    return status, record


def told(stage):
    """Events and the record as the customer gets them."""
    queued = stage.queued()
    events = [json.loads(body) for purpose, body in queued if purpose is Purpose.STATUS]
    (fee,) = [json.loads(body) for purpose, body in queued if purpose is not Purpose.STATUS]
    return {event["eventType"]: event["statusInfo"] for event in events}, fee


async def test_b_who_dials_x_reaches_a_who_sees_y(stage):
    await join(stage, await relate(stage))
    invite = await talk(stage, B, X)
    assert invite.uri.startswith(f"sip:{A}@")
    assert invite.from_.uri.startswith(f"sip:{Y}@")
    assert f"sip:{Y}@" in invite.headers.values("P-Asserted-Identity")[0]
    await stage.record()
    at_callee = stage.wires.bytes_to(stage.callee.shell.flow)
    for secret in (X[3:], B[3:]):
        assert secret.encode() not in at_callee
    assert Y[3:].encode() not in stage.wires.bytes_to(stage.caller.shell.flow)


async def test_a_who_dials_y_reaches_b_who_sees_x(stage):
    await join(stage, await relate(stage))
    invite = await talk(stage, A, Y)
    assert invite.uri.startswith(f"sip:{B}@")
    assert invite.from_.uri.startswith(f"sip:{X}@")
    await stage.record()
    assert Y[3:].encode() not in stage.wires.bytes_to(stage.callee.shell.flow)


async def test_events_and_record_of_b_calling_a(stage):
    await join(stage, await relate(stage))
    await talk(stage, B, X)
    await stage.record()
    events, fee = told(stage)
    assert list(events) == ["callin", "callout", "alerting", "answer", "disconnect"]
    assert (events["callin"]["caller"], events["callin"]["called"]) == (B, X)
    for name in ("callout", "alerting", "answer", "disconnect"):
        assert (events[name]["caller"], events[name]["called"]) == (Y, A)
    for event in events.values():
        assert (event["subscriptionId"], event["userData"]) == ("r1", "trip-7")
    expected = {
        "serviceType": "007",
        "direction": 0,
        "bindNum": X,
        "callerNum": B,
        "calleeNum": X,
        "fwdDisplayNum": Y,
        "fwdDstNum": A,
        "subscriptionId": "r1",
        "mptyId": "r1",
        "userData": "trip-7",
        "ulFailReason": 0,
    }
    assert expected.items() <= fee.items()
    assert "extendNum" not in fee


async def test_events_and_record_of_a_calling_b(stage):
    await join(stage, await relate(stage))
    await talk(stage, A, Y)
    await stage.record()
    events, fee = told(stage)
    assert (events["callin"]["caller"], events["callin"]["called"]) == (A, Y)
    assert (events["callout"]["caller"], events["callout"]["called"]) == (X, B)
    expected = {
        "serviceType": "007",
        "direction": 1,
        "bindNum": Y,
        "callerNum": A,
        "calleeNum": Y,
        "fwdDisplayNum": X,
        "fwdDstNum": B,
        "subscriptionId": "r1",
    }
    assert expected.items() <= fee.items()


class TestAllotment:
    async def test_a_b_without_a_y_is_given_one_by_the_call(self, stage):
        await relate(stage, yb_duration_s=600, voice=VoiceOptions(max_duration_min=0))
        invite = await talk(stage, B, X)
        assert invite.from_.uri.startswith(f"sip:{Y}@")
        (part,) = await parts(stage)
        assert (part.b, part.y, part.duration_s, part.user_data) == (B, Y, 600, "trip-7")
        await stage.record()
        events, fee = told(stage)
        assert {event["subscriptionId"] for event in events.values()} == {"r1"}
        assert (fee["fwdDisplayNum"], fee["subscriptionId"], fee["direction"]) == (Y, "r1", 0)

    async def test_a_then_reaches_b_by_that_y(self, stage):
        await relate(stage)
        stage.caller.dial(X, caller=B)
        await stage.callee.until(InviteReceived)
        stage.callee.do("reject", 486)
        await stage.caller.until(Rejected)
        stage.caller.session = stage.callee.session = None
        invite = await talk(stage, A, Y)
        assert invite.uri.startswith(f"sip:{B}@")

    async def test_it_is_there_before_a_is_rung(self, stage):
        await relate(stage)
        stage.caller.dial(X, caller=B)
        await stage.callee.until(InviteReceived)
        assert [part.b for part in await parts(stage)] == [B]
        stage.caller.do("end")
        await stage.record()

    async def test_y_is_of_the_city_of_x_and_else_of_any(self, stage):
        await add_number(stage, BEIJING, "010")
        relation = await relate(stage)
        await join(stage, relation, b=C)
        invite = await talk(stage, B, X)
        assert invite.from_.uri.startswith(f"sip:{BEIJING}@")
        await stage.record()

    async def test_a_call_whose_b_was_given_a_y_meanwhile_shows_that_one(self, stage, monkeypatch):
        await add_number(stage, BEIJING, "010")
        await relate(stage)
        store, asked = stage.store, []
        bind_yb = store.bind_yb

        async def after_another(part, limits, now, choice):
            asked.append(part)
            await bind_yb(replace(part, binding_id="faster"), limits, now, choice)
            return await bind_yb(part, limits, now, choice)

        monkeypatch.setattr(store, "bind_yb", after_another)
        invite = await talk(stage, B, X)
        assert len(asked) == 1
        assert [part.binding_id for part in await parts(stage)] == ["faster"]
        assert invite.from_.uri.startswith(f"sip:{Y}@")
        await stage.record()

    async def test_8031_when_no_number_is_left(self, stage):
        relation = await relate(stage)
        await join(stage, relation, b=C)
        status, record = await refused(stage, B)
        assert (status, record.end.release) == (480, ReleaseCode.NO_Y_LEFT)
        events, fee = told(stage)
        assert list(events) == ["callin", "disconnect"]
        assert (fee["subscriptionId"], fee["userData"], fee["direction"]) == ("r1", "trip-7", 0)
        assert "fwdDisplayNum" not in fee

    async def test_8030_when_the_relation_ends_meanwhile(self, stage, monkeypatch):
        await relate(stage)
        bind_yb = stage.store.bind_yb

        async def too_late(part, limits, now, choice):
            await stage.store.unbind("k", "r1", now)
            return await bind_yb(part, limits, now, choice)

        monkeypatch.setattr(stage.store, "bind_yb", too_late)
        _, record = await refused(stage, B)
        assert record.end.release is ReleaseCode.NO_XY_BINDING
        assert record.call.binding_id is None

    async def test_a_b_whose_y_has_expired_is_given_one_again(self, stage):
        relation = await relate(stage)
        await join(stage, relation, expires_at=LONG_AGO)
        assert await parts(stage) == ()
        await talk(stage, B, X)
        assert [part.b for part in await parts(stage)] == [B]
        await stage.record()


class TestRefused:
    @pytest.mark.parametrize(
        ("caller", "dialled", "code", "status", "is_known"),
        [
            (A, X, 8032, 403, True),
            (B, Y, 8032, 403, False),
            (C, Y, 8030, 403, False),
            ("anonymous", X, 8030, 403, False),
            (LANDLINE, X, 8023, 403, True),
        ],
    )
    async def test_callers_who_may_not_call_so(
        self, stage, caller, dialled, code, status, is_known
    ):
        await join(stage, await relate(stage))
        seen, record = await refused(stage, caller, dialled)
        assert (seen, record.end.release) == (status, code)
        _, fee = told(stage)
        assert fee["ulFailReason"] == code
        assert ("subscriptionId" in fee) == is_known
        assert [part.b for part in await parts(stage)] == [B]

    async def test_8030_nobody_is_bound_on_x(self, stage):
        _, record = await refused(stage, B)
        assert record.end.release is ReleaseCode.NO_XY_BINDING
        assert told(stage)[1]["direction"] == 2

    async def test_8030_a_relation_that_has_expired(self, stage):
        await join(stage, await relate(stage, expires_at=LONG_AGO), expires_at=LONG_AGO)
        _, record = await refused(stage, B)
        assert record.end.release is ReleaseCode.NO_XY_BINDING

    @pytest.mark.parametrize(
        ("direction", "caller", "dialled"),
        [
            (CallDirection.A_TO_B, B, X),
            (CallDirection.A_TO_B, C, X),
            (CallDirection.B_TO_A, A, Y),
        ],
    )
    async def test_8016_the_other_direction(self, stage, direction, caller, dialled):
        relation = await relate(stage, direction=direction)
        await join(stage, relation, direction=direction)
        _, record = await refused(stage, caller, dialled)
        assert record.end.release is ReleaseCode.DIRECTION_FORBIDDEN
        assert len(await parts(stage)) == 1


class TestTones:
    @pytest.fixture
    def application_prompts(self):
        return ApplicationPrompts(waiting_tone="app.wav", no_binding="unbound.wav")

    @pytest.fixture
    def prompts(self):
        names = ("x.wav", "y.wav", "app.wav", "unbound.wav")
        return FixedPrompts(files={("k", name): PromptFile(Path("/p") / name, 5) for name in names})

    @pytest.fixture
    def engine(self):
        return ScriptedEngine()

    @pytest.mark.parametrize(
        ("caller", "dialled", "tone"), [(A, Y, "x.wav"), (B, X, "y.wav"), (C, X, "app.wav")]
    )
    async def test_pre_voice_x_is_heard_by_a_and_pre_voice_y_by_b(
        self, stage, caller, dialled, tone
    ):
        await add_number(stage, BEIJING)
        relation = await relate(stage, voice=VoiceOptions(a_waiting_tone="x.wav"))
        await join(stage, relation, voice=replace(relation.voice, b_waiting_tone="y.wav"))
        stage.caller.dial(dialled, caller=caller)
        play = await stage.engine.until_heard(tone)
        assert play.to == {Side.CALLER}
        await stage.callee.until(InviteReceived)
        stage.caller.do("end")
        await stage.record()
        assert stage.engine.names() == [tone]

    async def test_8030_is_told_by_the_prompt_for_that(self, stage):
        stage.caller.dial(X, caller=B)
        stage.engine.finish(await stage.engine.until_heard("unbound.wav"))
        assert (await stage.caller.until(Rejected)).status == 403
        await stage.record()
