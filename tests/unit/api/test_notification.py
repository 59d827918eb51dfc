import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.api.notification import CompatibleFormat
from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.recording import CallRecording
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.services.notification import RECORDS_PER_MESSAGE, NotificationFormat

A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
SESSION = "1200_4712_4294967295_20240611020304@ce01.example.com"
ARRIVED = datetime(2024, 6, 11, 2, 3, 4, 999_999, tzinfo=UTC)


def at(seconds):
    return ARRIVED + timedelta(seconds=seconds)


@pytest.fixture
def form() -> NotificationFormat:
    return CompatibleFormat()


@pytest.fixture
def call():
    """A calls B through X."""
    return Call(
        session_id=SESSION,
        icid="c08d.3861400000",
        host="ce01.example.com",
        app_key="k3y2",
        tenant_id="sp_demo",
        mode=Mode.AXB,
        x=X,
        caller=A,
        arrived_at=ARRIVED,
        binding_id="0b7d7a54",
        role=Role.A,
        callee=B,
        user_data="trip-7",
    )


@pytest.fixture
def talk(call):
    """The call from its start to its normal end."""
    return CallRecord(
        call=call.forwarded(at(1)).alerted(at(4)).answered(at(8)),
        end=CallEnd(at=at(86), release=ReleaseCode.NORMAL, hung_up_by=HungUpBy.CALLEE),
    )


@pytest.fixture
def unanswered(call):
    return CallRecord(
        call=call.forwarded(at(1)).alerted(at(4)),
        end=CallEnd(at=at(50), release=ReleaseCode.NO_ANSWER, q850=19, sip_status=480),
    )


@pytest.fixture
def stranger(call):
    """A third party dials X and is refused."""
    return CallRecord(
        call=replace(call, caller="+8613700009009", binding_id=None, role=None, callee=None,
                     user_data=None),
        end=CallEnd(at=at(0), release=ReleaseCode.NO_BINDING),
    )  # fmt: skip


def recorded(record, seconds):
    recording = CallRecording(
        object_name="24061102031201235.wav",
        bucket="sp-demo",
        domain="rec01.example.com",
        started_at=at(10),
    )
    return replace(
        record, call=record.call.recorded(recording), end=replace(record.end, recorded_s=seconds)
    )


class TestEvents:
    def test_callin_shows_who_dialled_x(self, form, call):
        assert json.loads(form.call_in(call)) == {
            "eventType": "callin",
            "statusInfo": {
                "timestamp": "2024-06-11 02:03:04",
                "sessionId": SESSION,
                "caller": A,
                "called": X,
                "subscriptionId": "0b7d7a54",
                "userData": "trip-7",
            },
        }

    @pytest.mark.parametrize(
        ("name", "event", "time"),
        [
            ("call_out", "callout", "02:03:05"),
            ("alerting", "alerting", "02:03:08"),
            ("answer", "answer", "02:03:12"),
        ],
    )
    def test_later_events_show_x_calling_the_other_party(self, form, talk, name, event, time):
        assert json.loads(getattr(form, name)(talk.call)) == {
            "eventType": event,
            "statusInfo": {
                "timestamp": f"2024-06-11 {time}",
                "sessionId": SESSION,
                "caller": X,
                "called": B,
                "subscriptionId": "0b7d7a54",
                "userData": "trip-7",
            },
        }

    def test_when_b_dials_x_the_roles_change(self, form, talk):
        call = replace(talk.call, caller=B, callee=A, role=Role.B)

        first, later = (json.loads(f(call))["statusInfo"] for f in (form.call_in, form.answer))

        assert (first["caller"], first["called"]) == (B, X)
        assert (later["caller"], later["called"]) == (X, A)

    def test_disconnect_of_a_talk_tells_why_between_x_and_the_other_party(self, form, talk):
        assert json.loads(form.disconnect(talk)) == {
            "eventType": "disconnect",
            "statusInfo": {
                "timestamp": "2024-06-11 02:04:30",
                "sessionId": SESSION,
                "caller": X,
                "called": B,
                "stateCode": 0,
                "stateDesc": "The user releases the call.",
                "subscriptionId": "0b7d7a54",
                "userData": "trip-7",
            },
        }

    def test_disconnect_of_a_refused_call_has_the_only_leg_there_was(self, form, stranger):
        info = json.loads(form.disconnect(stranger))["statusInfo"]

        assert (info["caller"], info["called"]) == ("+8613700009009", X)
        assert (info["stateCode"], info["stateDesc"]) == (
            8014,
            "The binding relationship does not exist.",
        )
        assert not {"subscriptionId", "userData"} & set(info)

    def test_an_event_that_has_not_happened_cannot_be_told(self, form, call):
        for tell in (form.call_out, form.alerting, form.answer):
            with pytest.raises(ValueError, match="before it happened"):
                tell(call)

    def test_a_caller_without_a_number_is_left_out(self, form, call):
        info = json.loads(form.call_in(replace(call, caller="")))["statusInfo"]

        assert "caller" not in info


class TestRecord:
    def test_a_talk_is_recorded_as_in_the_documentation(self, form, talk):
        assert json.loads(form.record(talk)) == {
            "direction": 1,
            "spId": "sp_demo",
            "appKey": "k3y2",
            "icid": "c08d.3861400000",
            "bindNum": X,
            "sessionId": SESSION,
            "subscriptionId": "0b7d7a54",
            "callerNum": A,
            "calleeNum": X,
            "fwdDisplayNum": X,
            "fwdDstNum": B,
            "callInTime": "2024-06-11 02:03:04",
            "fwdStartTime": "2024-06-11 02:03:05",
            "fwdAlertingTime": "2024-06-11 02:03:08",
            "fwdAnswerTime": "2024-06-11 02:03:12",
            "callEndTime": "2024-06-11 02:04:30",
            "fwdUnaswRsn": 0,
            "ulFailReason": 0,
            "sipStatusCode": 0,
            "callOutUnaswRsn": 0,
            "recordFlag": 0,
            "ttsPlayTimes": 0,
            "ttsTransDuration": 0,
            "mptyId": "0b7d7a54",
            "serviceType": "004",
            "hostName": "ce01.example.com",
            "userData": "trip-7",
        }

    def test_a_recording_is_named_with_its_start_and_its_link(self, talk):
        form = CompatibleFormat(recording_url=lambda record: f"https://m/{record.call.icid}")

        entry = json.loads(form.record(recorded(talk, seconds=3.0)))

        told = {name: value for name, value in entry.items() if name.startswith("record")}
        assert told == {
            "recordFlag": 1,
            "recordStartTime": "2024-06-11 02:03:14",
            "recordObjectName": "24061102031201235.wav",
            "recordBucketName": "sp-demo",
            "recordDomain": "rec01.example.com",
            "recordFileDownloadUrl": "https://m/c08d.3861400000",
        }

    def test_a_recording_under_three_seconds_is_none(self, talk):
        form = CompatibleFormat(recording_url=lambda _: "https://m/x")

        entry = json.loads(form.record(recorded(talk, seconds=2.99)))

        told = {name: value for name, value in entry.items() if name.startswith("record")}
        assert told == {"recordFlag": 0}

    def test_without_links_a_recording_is_named_all_the_same(self, form, talk):
        entry = json.loads(form.record(recorded(talk, seconds=60.0)))

        assert entry["recordFlag"] == 1
        assert "recordFileDownloadUrl" not in entry

    def test_an_unanswered_call_has_a_fail_time_and_its_causes(self, form, unanswered):
        entry = json.loads(form.record(unanswered))

        assert "fwdAnswerTime" not in entry
        assert entry["failTime"] == entry["callEndTime"] == "2024-06-11 02:03:54"
        assert (entry["ulFailReason"], entry["fwdUnaswRsn"], entry["sipStatusCode"]) == (
            8101,
            19,
            480,
        )
        assert entry["recordFlag"] == 0

    def test_a_third_party_has_direction_2_and_no_binding(self, form, stranger):
        entry = json.loads(form.record(stranger))

        assert (entry["direction"], entry["ulFailReason"]) == (2, 8014)
        assert (entry["callerNum"], entry["calleeNum"]) == ("+8613700009009", X)
        assert not set(entry) & {
            "subscriptionId",
            "mptyId",
            "userData",
            "fwdDisplayNum",
            "fwdDstNum",
            "fwdStartTime",
            "fwdAlertingTime",
            "fwdAnswerTime",
        }

    @pytest.mark.parametrize(("role", "direction"), [(Role.A, 1), (Role.B, 0), (None, 2)])
    def test_the_direction_is_that_of_the_callers_role(self, form, talk, role, direction):
        record = replace(talk, call=replace(talk.call, role=role))

        assert json.loads(form.record(record))["direction"] == direction

    def test_a_talk_that_reached_its_limit_stays_answered(self, form, talk):
        record = replace(talk, end=CallEnd(at=at(86), release=ReleaseCode.MAX_DURATION, q850=102))

        entry = json.loads(form.record(record))

        assert (entry["ulFailReason"], entry["fwdUnaswRsn"]) == (8010, 0)
        assert "fwdAnswerTime" in entry
        assert "failTime" not in entry

    def test_the_release_side_is_told_only_when_asked_for_and_answered(self, talk, unanswered):
        quiet, telling = CompatibleFormat(), CompatibleFormat(shows_release_side=True)

        assert b"callRelDirection" not in quiet.disconnect(talk) + quiet.record(talk)
        assert json.loads(telling.record(talk))["callRelDirection"] == 2
        assert json.loads(telling.disconnect(talk))["statusInfo"]["callRelDirection"] == 2
        assert b"callRelDirection" not in telling.record(unanswered)

    @pytest.mark.parametrize("amount", [1, 2, RECORDS_PER_MESSAGE])
    def test_entries_are_merged_into_one_message_in_their_order(self, form, talk, amount):
        records = [replace(talk, call=replace(talk.call, icid=str(i))) for i in range(amount)]

        message = json.loads(form.record_message([form.record(record) for record in records]))

        assert message["eventType"] == "fee"
        assert [entry["icid"] for entry in message["feeLst"]] == [str(i) for i in range(amount)]


def test_whatever_user_data_holds_the_body_is_ascii(form, talk):
    text = 'naïve "😀" \\ \x00'
    record = replace(talk, call=replace(talk.call, user_data=text))
    bodies = [
        form.call_in(record.call),
        form.disconnect(record),
        form.record_message([form.record(record)]),
    ]

    assert all(body.isascii() for body in bodies)
    assert json.loads(bodies[0])["statusInfo"]["userData"] == text
    assert json.loads(bodies[2])["feeLst"][0]["userData"] == text


def test_fields_stand_in_the_order_of_the_examples(form, talk):
    assert list(json.loads(form.disconnect(talk))["statusInfo"]) == [
        "timestamp",
        "sessionId",
        "caller",
        "called",
        "stateCode",
        "stateDesc",
        "subscriptionId",
        "userData",
    ]
