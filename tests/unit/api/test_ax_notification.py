"""Events and records of AX calls, field by field (`spec/ax.md` 9, 10)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.api.notification import CompatibleFormat
from maskline.domain.application import Mode
from maskline.domain.binding import Role, VoiceOptions
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.plan import Connect, Refuse
from maskline.domain.recording import CallRecording
from maskline.domain.release import ReleaseCode

A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
SESSION = "1200_4711_4294967295_20240611020304@ce01.example.com"
BINDING = "5c1a3c1e-0d6f-4b0e-9a53-2f1e8a7b9d10"
ARRIVED = datetime(2024, 6, 11, 2, 3, 4, tzinfo=UTC)
NORMAL = CallEnd(at=ARRIVED + timedelta(seconds=118), release=ReleaseCode.NORMAL)


def at(seconds):
    return ARRIVED + timedelta(seconds=seconds)


@pytest.fixture
def form():
    return CompatibleFormat()


def arrived(caller):
    return Call(
        session_id=SESSION,
        icid="ba17f0e0aa11bb22cc33dd44ee55ff66",
        host="ce01.example.com",
        app_key="k3y0000000000000000000000001",
        tenant_id="sp_demo",
        mode=Mode.AX,
        x=X,
        caller=caller,
        arrived_at=ARRIVED,
    )


def talk(caller, callee, role):
    plan = Connect(
        callee=callee,
        shown=X,
        binding_id=BINDING,
        role=role,
        voice=VoiceOptions(),
        user_data="order-42",
        is_exclusive=True,
    )
    call = arrived(caller).planned(plan)
    return call.forwarded(at(1)).alerted(at(5)).answered(at(11))


SCENES = [(A, B, Role.A, 1), (B, A, Role.B, 0)]


@pytest.mark.parametrize(("caller", "callee", "role", "direction"), SCENES)
def test_events_show_x_between_the_two(form, caller, callee, role, direction):
    call = talk(caller, callee, role)
    shared = {"sessionId": SESSION, "subscriptionId": BINDING, "userData": "order-42"}
    later = shared | {"caller": X, "called": callee}

    def told(body):
        event = json.loads(body)
        return event["eventType"], event["statusInfo"]

    assert told(form.call_in(call)) == (
        "callin",
        shared | {"timestamp": "2024-06-11 02:03:04", "caller": caller, "called": X},
    )
    assert told(form.call_out(call)) == ("callout", later | {"timestamp": "2024-06-11 02:03:05"})
    assert told(form.alerting(call)) == ("alerting", later | {"timestamp": "2024-06-11 02:03:09"})
    assert told(form.answer(call)) == ("answer", later | {"timestamp": "2024-06-11 02:03:15"})
    assert told(form.disconnect(CallRecord(call=call, end=NORMAL))) == (
        "disconnect",
        later
        | {
            "timestamp": "2024-06-11 02:05:02",
            "stateCode": 0,
            "stateDesc": "The user releases the call.",
        },
    )


@pytest.mark.parametrize(("caller", "callee", "role", "direction"), SCENES)
def test_a_recorded_talk_is_told_as_in_the_documentation(form, caller, callee, role, direction):
    recording = CallRecording(
        object_name="24061102031501234.wav",
        bucket="sp-demo",
        domain="rec01.example.com",
        started_at=at(11),
    )
    call = talk(caller, callee, role).recorded(recording)
    entry = json.loads(form.record(CallRecord(call=call, end=replace(NORMAL, recorded_s=107.0))))

    assert entry == {
        "direction": direction,
        "spId": "sp_demo",
        "appKey": "k3y0000000000000000000000001",
        "icid": "ba17f0e0aa11bb22cc33dd44ee55ff66",
        "bindNum": X,
        "sessionId": SESSION,
        "subscriptionId": BINDING,
        "callerNum": caller,
        "calleeNum": X,
        "fwdDisplayNum": X,
        "fwdDstNum": callee,
        "callInTime": "2024-06-11 02:03:04",
        "fwdStartTime": "2024-06-11 02:03:05",
        "fwdAlertingTime": "2024-06-11 02:03:09",
        "fwdAnswerTime": "2024-06-11 02:03:15",
        "callEndTime": "2024-06-11 02:05:02",
        "fwdUnaswRsn": 0,
        "ulFailReason": 0,
        "sipStatusCode": 0,
        "callOutUnaswRsn": 0,
        "recordFlag": 1,
        "recordStartTime": "2024-06-11 02:03:15",
        "recordDomain": "rec01.example.com",
        "recordBucketName": "sp-demo",
        "recordObjectName": "24061102031501234.wav",
        "ttsPlayTimes": 0,
        "ttsTransDuration": 0,
        "mptyId": BINDING,
        "serviceType": "003",
        "hostName": "ce01.example.com",
        "userData": "order-42",
    }


def test_a_call_that_nobody_answered_has_its_causes(form):
    call = replace(talk(B, A, Role.B), answered_at=None)
    end = CallEnd(at=at(60), release=ReleaseCode.NO_ANSWER, q850=19, sip_status=480)
    entry = json.loads(form.record(CallRecord(call=call, end=end)))

    assert entry["failTime"] == entry["callEndTime"] == "2024-06-11 02:04:04"
    assert (entry["ulFailReason"], entry["fwdUnaswRsn"], entry["sipStatusCode"]) == (8101, 19, 480)
    assert entry["recordFlag"] == 0
    assert "fwdAnswerTime" not in entry


FORWARD_FIELDS = {
    "fwdDisplayNum",
    "fwdDstNum",
    "fwdStartTime",
    "fwdAlertingTime",
    "fwdAnswerTime",
}


def test_a_refusal_within_a_binding_names_it_and_no_other_leg(form):
    plan = Refuse(
        release=ReleaseCode.NO_TEMPORARY_CALLEE,
        binding_id=BINDING,
        role=Role.A,
        user_data="order-42",
    )
    record = CallRecord(call=arrived(A).planned(plan), end=CallEnd(at=at(0), release=plan.release))
    entry, info = json.loads(form.record(record)), json.loads(form.disconnect(record))["statusInfo"]

    assert (entry["direction"], entry["ulFailReason"], entry["subscriptionId"]) == (
        1,
        8013,
        BINDING,
    )
    assert entry["failTime"] == "2024-06-11 02:03:04"
    assert not FORWARD_FIELDS & set(entry)
    assert (info["caller"], info["called"], info["stateCode"]) == (A, X, 8013)
    assert (info["subscriptionId"], info["userData"]) == (BINDING, "order-42")


def test_a_call_to_a_number_without_binding_has_direction_2_and_no_id(form):
    plan = Refuse(release=ReleaseCode.NO_PERMISSION)
    record = CallRecord(call=arrived(B).planned(plan), end=CallEnd(at=at(0), release=plan.release))
    entry, info = json.loads(form.record(record)), json.loads(form.disconnect(record))["statusInfo"]

    assert (entry["direction"], entry["ulFailReason"]) == (2, 8018)
    assert not (FORWARD_FIELDS | {"subscriptionId", "mptyId", "userData"}) & set(entry)
    assert info["stateCode"] == 8018
    assert not {"subscriptionId", "userData"} & set(info)


def test_a_call_to_a_busy_number_names_the_binding_and_no_other_leg(form):
    call = replace(talk(B, A, Role.B), forwarded_at=None, alerted_at=None, answered_at=None)
    record = CallRecord(call=call, end=CallEnd(at=at(0), release=ReleaseCode.BUSY))
    entry, info = json.loads(form.record(record)), json.loads(form.disconnect(record))["statusInfo"]

    assert (entry["direction"], entry["ulFailReason"], entry["subscriptionId"]) == (
        0,
        8102,
        BINDING,
    )
    assert (entry["fwdUnaswRsn"], entry["sipStatusCode"]) == (0, 0)
    assert not FORWARD_FIELDS & set(entry)
    assert (info["caller"], info["called"]) == (B, X)


def test_what_belongs_to_other_modes_never_appears(form):
    record = CallRecord(call=talk(B, A, Role.B), end=NORMAL)
    bodies = form.call_in(record.call) + form.disconnect(record) + form.record(record)

    for field in (b"notifyMode", b"digitInfo", b"extendNum", b"callRelDirection", b"areaCode"):
        assert field not in bodies
