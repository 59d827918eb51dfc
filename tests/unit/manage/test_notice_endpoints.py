from datetime import timedelta

import pytest
from tests.unit.manage.operating import A, Operator

from maskline.domain.notice import Endpoint, Purpose, Trouble
from maskline.services.notification import receiver_mark

V1 = "/manage/v1"
STATUS = "https://shop.example/status"
BODY = f'{{"eventType":"callin","statusInfo":{{"caller":"{A}"}}}}'.encode()


@pytest.fixture
async def app_key(operator: Operator) -> str:
    return (await operator.create_application(status_url=STATUS))["app_key"]


async def disable(operator: Operator, app_key: str, url: str = STATUS) -> None:
    now = operator.clock.now()
    await operator.store.save_trouble(
        Trouble(
            endpoint=Endpoint(app_key=app_key, purpose=Purpose.STATUS),
            receiver=receiver_mark(url),
            since=now - timedelta(days=5),
            error="HTTP 410",
            disabled_at=now,
        )
    )


async def test_notices_are_listed_with_their_tries_and_errors_but_without_bodies(
    operator: Operator, app_key: str
):
    await operator.write_notice(app_key, "n1", body=BODY)
    await operator.give_up(app_key)
    await operator.write_notice(app_key, "n2", stream="s2", body=BODY)
    listed = (await operator.ask("GET", f"{V1}/notices")).json
    assert listed["next"] is None
    waiting, dead = listed["items"]
    assert (waiting["notice_id"], waiting["state"], waiting["error"]) == ("n2", "waiting", None)
    assert (dead["notice_id"], dead["state"], dead["attempts"], dead["error"]) == (
        "n1",
        "dead",
        1,
        "HTTP 500",
    )
    assert dead["push_id"] == "n1"
    assert "body" not in dead
    assert "1390000" not in str(listed)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=dead", ["n1"]),
        ("state=waiting&purpose=status", ["n2"]),
        ("session_id=s2", ["n2"]),
        ("push_id=n1", ["n1"]),
        ("purpose=record", []),
        ("since=2026-11-20T08:00:00Z", ["n2", "n1"]),
        ("until=2026-11-20T08:00:00Z", []),
        ("x=%2B8617010000001", []),
    ],
)
async def test_notices_are_found_by_what_is_known(
    operator: Operator, app_key: str, query: str, found: list[str]
):
    await operator.write_notice(app_key, "n1")
    await operator.give_up(app_key)
    await operator.write_notice(app_key, "n2", stream="s2")
    listed = await operator.ask("GET", f"{V1}/notices?app_key={app_key}&{query}")
    assert [one["notice_id"] for one in listed.json["items"]] == found


async def test_the_numbers_of_a_body_are_masked_unless_revealed(operator: Operator, app_key: str):
    await operator.write_notice(app_key, "n1", body=BODY)
    shown = (await operator.ask("GET", f"{V1}/notices/n1")).json
    assert shown["body"] == BODY.decode().replace(A, "{A}")
    revealed = (await operator.ask("GET", f"{V1}/notices/n1?reveal=true")).json
    assert revealed["body"] == BODY.decode()


async def test_a_notice_that_is_not_there_is_told(operator: Operator):
    answer = await operator.ask("GET", f"{V1}/notices/nowhere")
    assert (answer.status, answer.error["code"]) == (404, "not_found")


async def test_the_id_of_a_batch_says_how_its_records_are_listed(operator: Operator, app_key: str):
    await operator.write_notice(app_key, "r1")
    now = operator.clock.now()
    endpoint = Endpoint(app_key=app_key, purpose=Purpose.STATUS)
    await operator.store.claim_batch(endpoint, now, now, 50, "batch")
    answer = await operator.ask("GET", f"{V1}/notices/batch")
    assert answer.status == 404
    assert "list them by push_id" in answer.error["message"]


async def test_dead_notices_are_pushed_again_up_to_the_limit_and_the_rest_is_told(
    operator: Operator, app_key: str
):
    for number in range(5):
        await operator.write_notice(app_key, f"n{number}", stream=f"s{number}")
    await operator.give_up(app_key)
    some = await operator.ask("POST", f"{V1}/notices/replay", {"app_key": app_key, "limit": 3})
    assert some.json == {"revived": 3, "left": 2}
    one = await operator.ask("POST", f"{V1}/notices/replay", {"push_id": "n4"})
    assert one.json == {"revived": 1, "left": 0}
    assert await operator.store.outbox_depth() == (4, 1)
    assert operator.hints == ["hint", "hint"]


async def test_a_replay_says_what_it_is_about(operator: Operator, app_key: str):
    answer = await operator.ask("POST", f"{V1}/notices/replay", {"purpose": "status"})
    assert (answer.status, answer.error["field"]) == (400, "app_key")
    answer = await operator.ask("POST", f"{V1}/notices/replay", {"app_key": app_key})
    assert (answer.status, answer.error["message"]) == (404, "no dead notice matches")


async def test_nothing_is_replayed_to_a_disabled_receiver(operator: Operator, app_key: str):
    await operator.write_notice(app_key, "n1")
    await operator.give_up(app_key)
    await disable(operator, app_key)
    answer = await operator.ask("POST", f"{V1}/notices/replay", {"push_id": "n1"})
    assert answer.status == 409
    assert "enable it" in answer.error["message"]
    assert await operator.store.outbox_depth() == (0, 1)


async def test_receivers_in_trouble_are_listed_until_enabled_or_moved(
    operator: Operator, app_key: str
):
    await disable(operator, app_key)
    (shown,) = (await operator.ask("GET", f"{V1}/receivers?app_key={app_key}")).json["items"]
    assert (shown["url"], shown["state"], shown["error"]) == (STATUS, "disabled", "HTTP 410")
    assert (await operator.ask("GET", f"{V1}/outbox")).json["disabled_receivers"] == 1
    moved = {"status_url": "https://new.example/"}
    await operator.ask("PATCH", f"{V1}/applications/{app_key}", moved)
    assert (await operator.ask("GET", f"{V1}/receivers")).json["items"] == []
    enable = f"{V1}/applications/{app_key}/receivers/status/enable"
    assert (await operator.ask("POST", enable)).status == 204
    assert await operator.store.troubles(10) == ()
    assert (await operator.ask("POST", enable)).status == 404


async def test_a_test_push_tells_headers_status_and_time(operator: Operator, app_key: str):
    path = f"{V1}/applications/{app_key}/receivers/status/test"
    assert (await operator.ask("POST", path)).json == {
        "url": STATUS,
        "headers": {"webhook-id": "t1"},
        "body": "{}",
        "accepted": True,
        "status": 200,
        "error": None,
        "took_ms": 12.3,
    }
    operator.trial.status, operator.trial.error = 500, "HTTP 500"
    refused = (await operator.ask("POST", path)).json
    assert (refused["accepted"], refused["status"], refused["error"]) == (False, 500, "HTTP 500")
    assert operator.trial.purposes == [Purpose.STATUS, Purpose.STATUS]


@pytest.mark.parametrize(
    ("receiver", "status", "message"),
    [
        ("{app}/receivers/record", 404, "no receiver for record pushes"),
        ("{app}/receivers/else", 400, "one of status, record, number_state"),
        ("nobody/receivers/status", 404, "no application nobody"),
    ],
)
async def test_a_test_push_needs_a_receiver(
    operator: Operator, app_key: str, receiver: str, status: int, message: str
):
    path = f"{V1}/applications/{receiver.format(app=app_key)}/test"
    answer = await operator.ask("POST", path)
    assert answer.status == status
    assert message in answer.error["message"]


async def test_the_secret_of_bodies_is_shown_renewed_and_the_old_one_forgotten(
    operator: Operator, app_key: str
):
    path = f"{V1}/applications/{app_key}/webhook-secret"
    first = (await operator.ask("GET", path)).json
    assert first["is_derived"]
    renewed = (await operator.ask("POST", path)).json
    assert renewed["secrets"][1:] == first["secrets"]
    assert renewed["secrets"][0].startswith("whsec_")
    assert not renewed["is_derived"]
    again = (await operator.ask("POST", path)).json
    assert again["secrets"][1] == renewed["secrets"][0]
    assert (await operator.ask("DELETE", path)).status == 204
    assert (await operator.ask("GET", path)).json["secrets"] == again["secrets"][:1]
    shown = await operator.ask("GET", f"{V1}/applications/{app_key}")
    assert "whsec_" not in shown.content.decode()
    assert (await operator.ask("GET", path.replace(app_key, "nobody"))).status == 404
