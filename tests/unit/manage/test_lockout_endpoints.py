import pytest
from tests.unit.manage.operating import Operator

V1 = "/manage/v1"


async def test_locked_out_addresses_are_listed_with_interface_and_time(operator: Operator):
    assert (await operator.ask("GET", f"{V1}/lockouts")).json["items"] == []
    operator.token_lockout.fail("192.0.2.7")
    operator.clock.step(60)
    operator.lockout.fail("2001:db8::7")

    found = (await operator.ask("GET", f"{V1}/lockouts")).json
    assert found["next"] is None
    assert found["items"] == [
        {
            "address": "192.0.2.7",
            "interface": "registration",
            "failures": 1,
            "until": "2026-11-20T08:30:00Z",
        },
        {
            "address": "2001:db8::/64",
            "interface": "rest",
            "failures": 1,
            "until": "2026-11-20T08:31:00Z",
        },
    ]
    first = (await operator.ask("GET", f"{V1}/lockouts?limit=1")).json
    rest = (await operator.ask("GET", f"{V1}/lockouts?limit=1&after={first['next']}")).json
    assert [first["items"], rest["items"]] == [found["items"][:1], found["items"][1:]]


@pytest.mark.parametrize("name", ["192.0.2.7", "2001:db8::7", "2001:db8::/64"])
async def test_a_released_address_is_free_at_once_and_everywhere(operator: Operator, name: str):
    for lockout in (operator.lockout, operator.token_lockout):
        for address in ("192.0.2.7", "2001:db8::9"):
            lockout.fail(address)

    assert (await operator.ask("DELETE", f"{V1}/lockouts/{name}")).status == 204
    assert len(operator.lockout.locked()) == len(operator.token_lockout.locked()) == 1
    again = await operator.ask("DELETE", f"{V1}/lockouts/{name}")
    assert (again.status, again.error["code"]) == (404, "not_found")
