import pytest
from tests.unit.manage.operating import Operator

V1 = "/manage/v1"


async def test_locked_out_addresses_are_listed_with_their_time(operator: Operator):
    assert (await operator.ask("GET", f"{V1}/lockouts")).json["items"] == []
    operator.lockout.fail("192.0.2.7")
    operator.clock.step(60)
    operator.lockout.fail("2001:db8::7")

    found = (await operator.ask("GET", f"{V1}/lockouts?limit=1")).json
    assert found["total"] == 2
    assert found["items"] == [
        {"address": "192.0.2.7", "failures": 1, "until": "2026-11-20T08:30:00Z"}
    ]


@pytest.mark.parametrize("name", ["192.0.2.7", "2001:db8::7", "2001:db8::/64"])
async def test_a_released_address_is_free_at_once(operator: Operator, name: str):
    for address in ("192.0.2.7", "2001:db8::9"):
        operator.lockout.fail(address)

    assert (await operator.ask("DELETE", f"{V1}/lockouts/{name}")).status == 204
    assert len(operator.lockout.locked()) == 1
    again = await operator.ask("DELETE", f"{V1}/lockouts/{name}")
    assert (again.status, again.error["code"]) == (404, "not_found")
