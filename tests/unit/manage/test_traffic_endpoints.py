from datetime import timedelta

from tests.unit.manage.operating import NOW, A, B, Operator, X

from maskline.domain.call import CallEnd, CallRecord
from maskline.domain.recording import CallRecording
from maskline.domain.release import HungUpBy, ReleaseCode

V1 = "/manage/v1"


async def test_bindings_hide_the_parties_unless_asked_to_reveal(operator: Operator):
    app_key = (await operator.create_application())["app_key"]
    await operator.add_number(app_key)
    await operator.bind(app_key)

    hidden = (await operator.ask("GET", f"{V1}/bindings")).json["items"][0]
    assert (hidden["a"], hidden["b"], hidden["x"]) == ("139 **** 1001", "139 **** 2002", X)
    assert "user_data" not in hidden

    shown = (await operator.ask("GET", f"{V1}/bindings/binding-1?reveal=true")).json
    assert (shown["a"], shown["b"], shown["user_data"]) == (A, B, "order 17")


async def test_a_party_in_a_query_has_any_usual_form_and_may_have_lost_its_plus_sign(
    operator: Operator,
):
    app_key = (await operator.create_application())["app_key"]
    await operator.add_number(app_key)
    await operator.bind(app_key)
    for party in (A, A.replace("+", "%2B"), A[3:]):
        found = (await operator.ask("GET", f"{V1}/bindings?party={party}")).json
        assert len(found["items"]) == 1
    refused = await operator.ask("GET", f"{V1}/bindings?party=1001x")
    assert (refused.status, refused.error["field"]) == (400, "party")


async def test_ended_bindings_are_listed_masked_with_when_and_why(operator: Operator):
    app_key = (await operator.create_application())["app_key"]
    await operator.add_number(app_key)
    await operator.bind(app_key)
    await operator.store.unbind(app_key, "binding-1", NOW)
    party = A.replace("+", "%2B")
    path = f"{V1}/ended-bindings?party={party}&mode=axb&since=2026-01-01T00:00:00Z"
    found = (await operator.ask("GET", path)).json
    [shown] = found["items"]
    assert (shown["a"], shown["b"], shown["x"]) == ("139 **** 1001", "139 **** 2002", X)
    assert (shown["cause"], shown["ended_at"]) == ("unbound", NOW.isoformat()[:-6] + "Z")
    assert "user_data" not in shown
    revealed = (await operator.ask("GET", f"{path}&reveal=true")).json["items"][0]
    assert (revealed["a"], revealed["user_data"]) == (A, "order 17")
    refused = await operator.ask("GET", f"{V1}/ended-bindings?mode=x")
    assert (refused.status, refused.error["field"]) == (400, "mode")


async def test_a_live_call_is_listed_shown_and_stopped(operator: Operator):
    session = "1201_612_4294967295_20261120080000@h1"
    await operator.store.save_call(operator.call(session).forwarded(NOW), ())
    listed = (await operator.ask("GET", f"{V1}/calls")).json["items"]
    assert [(call["session_id"], call["state"]) for call in listed] == [(session, "connecting")]
    assert listed[0]["caller"] == "139 **** 1001"

    shown = await operator.ask("GET", f"{V1}/calls/{session}?reveal=true")
    assert (shown.json["callee"], shown.json["state"]) == (B, "connecting")

    operator.calls.live.add(session)
    stopped = await operator.ask("POST", f"{V1}/calls/{session}/stop")
    assert (stopped.status, stopped.json["stopped"]) == (200, True)
    assert (await operator.ask("POST", f"{V1}/calls/{session}/stop")).status == 404


async def test_an_ended_call_is_found_as_its_record(operator: Operator):
    call = operator.call("s1").answered(NOW)
    end = CallEnd(
        at=NOW + timedelta(seconds=75), release=ReleaseCode.NORMAL, hung_up_by=HungUpBy.CALLEE
    )
    await operator.store.finish_call(CallRecord(call=call, end=end), ())
    shown = (await operator.ask("GET", f"{V1}/calls/s1")).json
    assert (shown["state"], shown["talk_time_s"], shown["hung_up_by"]) == ("ended", 75, "callee")
    assert (await operator.ask("GET", f"{V1}/records?session_id=s1")).json["items"] == [shown]


async def test_records_are_filtered_by_party_and_time(operator: Operator):
    for index in range(3):
        end = CallEnd(at=NOW + timedelta(hours=index), release=ReleaseCode.BUSY, sip_status=486)
        await operator.store.finish_call(CallRecord(call=operator.call(f"s{index}"), end=end), ())
    window = "since=2026-11-20T08:30:00Z&until=2026-11-20T17:30:00%2B08:00"
    path = f"{V1}/records?party=%2B8613900002002&{window}"
    found = (await operator.ask("GET", path)).json
    assert [record["session_id"] for record in found["items"]] == ["s1"]
    assert found["items"][0]["release_code"] == 8102
    naive = await operator.ask("GET", f"{V1}/records?since=2026-11-20T08:30:00")
    assert (naive.status, naive.error["field"]) == (400, "since")


async def test_the_outbox_tells_its_depth(operator: Operator):
    assert (await operator.ask("GET", f"{V1}/outbox")).json == {
        "waiting": 0,
        "dead": 0,
        "disabled_receivers": 0,
    }


async def test_a_call_tells_its_recording(operator: Operator):
    recording = CallRecording(object_name="1.wav", bucket="b", domain="d", started_at=NOW)
    live = operator.call("live").answered(NOW).recorded(recording)
    await operator.store.save_call(live, ())
    assert (await operator.ask("GET", f"{V1}/calls/live")).json["recording"] == "1.wav"
    for session, recorded_s, kept in (("long", 3.0, "1.wav"), ("short", 2.9, None)):
        call = operator.call(session).answered(NOW).recorded(recording)
        end = CallEnd(at=NOW, release=ReleaseCode.NORMAL, recorded_s=recorded_s)
        await operator.store.finish_call(CallRecord(call=call, end=end), ())
        shown = (await operator.ask("GET", f"{V1}/calls/{session}")).json
        assert (shown["recording"], shown["recorded_s"]) == (kept, recorded_s)


async def test_lists_are_narrowed_by_what_the_console_asks(operator: Operator):
    for path in (
        "records?mode=ax&outcome=failed&release=8011&caller_role=B&has_recording=true&min_talk_s=9",
        "records/count?caller_role=A",
        "calls?state=ringing&app_key=none",
        "bindings?mode=axb&expires_before=2026-11-20T16:00:00%2B08:00&order=newest",
        "numbers?state=paused&area_code=010&prefix=%2B86170&may_message=false&is_free=true",
        "notices?answer=5xx&state=dead",
    ):
        assert (await operator.ask("GET", f"/manage/v1/{path}")).status == 200, path
    for path, field in (
        ("numbers?prefix=%2B8", "prefix"),
        ("numbers?prefix=86170", "prefix"),
        ("records?outcome=lost", "outcome"),
        ("notices?answer=6xx", "answer"),
        ("bindings?order=best", "order"),
    ):
        answer = await operator.ask("GET", f"/manage/v1/{path}")
        assert (answer.status, answer.error["field"]) == (400, field)
