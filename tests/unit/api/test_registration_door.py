"""Who may register numbers, and what any path and method answers (`spec/auth.md` 11)."""

from typing import Any

import pytest
import structlog
from tests.unit.api.registration_world import FILES, NUMBERS, A, RegistrationWorld, report

from maskline.domain.application import Tenant
from maskline.domain.error import StoreBusy, StoreFailed

UNAUTHORIZED = b'{"error_code":"PPT.0007","error_msg":"Request unauthorized."}'
OPERATIONS = [
    ("POST", FILES),
    ("DELETE", FILES),
    ("POST", f"{FILES}/query"),
    ("POST", NUMBERS),
    ("DELETE", NUMBERS),
    ("POST", f"{NUMBERS}/query"),
]


@pytest.fixture
async def world(asgi: Any) -> RegistrationWorld:
    return await RegistrationWorld(asgi).open()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("token", [None, "wrong", "x" * 5000, "\xff"])
async def test_without_a_good_token_every_operation_is_unauthorized(
    world: RegistrationWorld, method: str, path: str, token: str | None
):
    reply = await world.send(method, path, {"page": 1}, token=token)

    assert (reply.status, reply.body) == (403, UNAUTHORIZED)


async def test_a_token_is_good_until_it_expires_or_is_removed(world: RegistrationWorld):
    made, token = await world.tokens.issue("shop")
    query = ("POST", f"{NUMBERS}/query", {"page": 1})
    assert (await world.send(*query, token=token)).status == 200
    world.clock.step(24 * 3600)
    assert (await world.send(*query, token=token)).status == 403
    made, token = await world.tokens.issue("shop")
    await world.tokens.remove("shop", made.token_id)
    assert (await world.send(*query, token=token)).status == 403


async def test_a_tenant_sees_and_changes_what_is_its_own(world: RegistrationWorld):
    await world.upload()
    await world.register(report())
    await world.store.add_tenant(
        Tenant(tenant_id="taxi", name="Taxi", created_at=world.clock.now())
    )
    own = world.token
    _, world.token = await world.tokens.issue("taxi")

    assert (await world.find_files()).json == {"total": 0, "files": []}
    assert (await world.find_numbers(number=[A])).json == {"total": 0, "numbers": []}
    assert (await world.delete_numbers(A)).json["error_code"] == "PPT.00011"
    assert (await world.delete_files("face.jpg")).json["error_code"] == "PPT.00011"
    assert (await world.register(report())).json["error_code"] == "PPT.00011"
    assert (await world.upload()).status == 200
    world.token = own
    assert (await world.find_numbers()).json["total"] == 1


async def test_a_frozen_tenant_may_look_but_change_nothing(world: RegistrationWorld):
    await world.upload()
    await world.register(report())
    await world.freeze()

    for reply in (
        await world.upload(("two.jpg", b"")),
        await world.register(report("+8613900001002")),
        await world.delete_numbers(A),
        await world.delete_files("face.jpg"),
    ):
        assert reply.status == 400
        assert reply.json == {
            "error_code": "PPT.00032",
            "error_msg": "The operation is forbidden because tenant has been frozen.",
        }
    assert (await world.find_numbers()).json["total"] == 1
    assert (await world.find_files()).json["total"] == 1


async def test_an_address_that_guesses_is_locked_out_for_a_while(asgi: Any):
    world = await RegistrationWorld(asgi).open(lockout_failures=3)
    for _ in range(2):
        await world.send("POST", FILES, token="guess")
        await world.send("POST", FILES, token=None)
    assert (await world.find_files()).status == 200
    with structlog.testing.capture_logs() as logged:
        await world.send("POST", FILES, token="guess")
    assert [entry["event"] for entry in logged] == ["address locked out"]
    locked = await world.find_files()
    assert (locked.status, locked.body) == (403, UNAUTHORIZED)
    world.peer = "192.0.2.8"
    assert (await world.find_files()).status == 200
    world.peer = "192.0.2.7"
    world.clock.step(1800)
    assert (await world.find_files()).status == 200


async def test_behind_a_trusted_proxy_the_client_is_locked_out(asgi: Any):
    world = await RegistrationWorld(asgi).open(
        lockout_failures=1, trusted_proxies=("192.0.2.7/32",)
    )
    forwarded = {"X-Forwarded-For": "203.0.113.1"}
    await world.send("POST", FILES, token="guess", headers=forwarded)

    query = ("POST", f"{FILES}/query", {"page": 1})
    assert (await world.send(*query, headers=forwarded)).status == 403
    assert (await world.send(*query, headers={"X-Forwarded-For": "203.0.113.2"})).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1.0/privatenumber/a-number/files",
        "/v1/privatenumber/a-number",
        f"{FILES}/",
        f"{NUMBERS}//query",
        "/v1/privatenumber/",
    ],
)
async def test_a_wrong_url_is_not_found(world: RegistrationWorld, path: str):
    reply = await world.send("POST", path, {})

    assert (reply.status, reply.body) == (404, b"")


async def test_a_wrong_method_is_told_with_the_right_ones(world: RegistrationWorld):
    for path, allowed in ((FILES, "POST, DELETE"), (f"{NUMBERS}/query", "POST")):
        for method in ("GET", "PUT", "HEAD"):
            reply = await world.send(method, path, token=None)
            assert reply.status == 405
            assert reply.headers["allow"] == allowed
            assert reply.json["error_code"] == "PPT.0002"


async def test_the_checks_come_in_their_order(world: RegistrationWorld):
    """Each request has the faults of those after it too."""
    await world.freeze()

    async def ask(method: str, path: str, token: str | None = "") -> tuple[int, str]:
        reply = await world.send(method, path, b"no json", token=token)
        return reply.status, reply.json["error_code"] if reply.body else ""

    assert await ask("GET", "/v1/privatenumber/nowhere", None) == (404, "")
    assert await ask("GET", NUMBERS, None) == (405, "PPT.0002")
    assert await ask("POST", NUMBERS, None) == (403, "PPT.0007")
    assert await ask("POST", NUMBERS) == (400, "PPT.00032")


async def test_our_own_failure_is_told_by_its_code_and_logged_without_numbers(
    world: RegistrationWorld, monkeypatch: pytest.MonkeyPatch
):
    def fail(error: Exception):
        async def failing(*_: object):
            raise error

        monkeypatch.setattr(world.store, "tenant_registrants", failing)

    fail(StoreFailed(f"no row of {A}"))
    with structlog.testing.capture_logs() as logged:
        reply = await world.find_numbers()
    assert reply.status == 400
    assert reply.json == {"error_code": "PPT.0001", "error_msg": "Internal server error."}
    assert logged[0]["error"] == "StoreFailed"
    assert A not in repr(logged)
    fail(ZeroDivisionError())
    assert (await world.find_numbers()).json["error_code"] == "PPT.0001"
    fail(StoreBusy("9 reads wait"))
    assert (await world.find_numbers()).json["error_code"] == "PPT.00039"


async def test_a_client_that_leaves_gets_nothing(world: RegistrationWorld, asgi: Any):
    headers = {"X-Auth-Token": world.token}
    assert await asgi(world.app, "POST", f"{FILES}/query", headers=headers, chunks=[]) is None
