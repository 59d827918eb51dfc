import re

import pytest
from tests.unit.api.conftest import NOON

from maskline.api.signature import sign
from maskline.domain.application import ApplicationState, Mode, TenantState
from maskline.services.application_secret import renewed_application
from maskline.services.ids import CountedIds

FORMS = [("AKSK", "raw"), ("WSSE", "raw"), ("WSSE", "hex"), ("WSSE", "HEX")]


async def ask(client, **headers):
    """A request that is let in answers 1012007, as nothing is bound."""
    return await client.send(
        "GET", query="subscriptionId=none", headers=client.headers(**headers) if headers else None
    )


LET_IN = "1012007"


@pytest.mark.parametrize(("scheme", "form"), FORMS)
async def test_every_form_of_digest_is_accepted(client, scheme, form):
    client.scheme, client.wsse_form = scheme, form

    assert (await ask(client)).code == LET_IN


async def test_a_former_secret_works_until_its_grace_ends(world, client):
    application = await world.store.application(client.app_key)
    renewed = renewed_application(application, CountedIds(), world.clock.now(), 3_600)
    await world.store.save_application(renewed)
    world.directory.forget_application(client.app_key)

    assert (await ask(client)).code == LET_IN
    nonce = re.search(r'Nonce="([^"]+)"', push_of(client))[1]
    assert (await ask(client, nonce=nonce)).code == "1010010"
    world.clock.step(3_600)
    assert (await ask(client)).code == "1010010"
    client.secret = renewed.secret
    assert (await ask(client)).code == LET_IN


def push_of(client) -> str:
    return sign(client.app_key, client.secret, "n", NOON)["X-AKSK"]


@pytest.mark.parametrize(("scheme", "form"), FORMS)
async def test_1010010_wrong_secret(client, scheme, form):
    client.scheme, client.wsse_form, client.secret = scheme, form, "wrong"

    assert (await ask(client)).told == (401, "1010010", "Invalid digest.")


async def test_1010010_aksk_digest_under_wsse(client):
    headers = client.headers()
    headers["Authorization"] = headers["Authorization"].replace("AKSK", "WSSE")
    headers["X-WSSE"] = headers.pop("X-AKSK")

    assert (await client.send("GET", headers=headers)).code == "1010010"


async def test_1010010_digest_that_is_no_ascii(client):
    headers = client.headers()
    headers["X-AKSK"] = headers["X-AKSK"].replace('Digest="', 'Digest="\xe9')

    assert (await client.send("GET", headers=headers)).code == "1010010"


async def test_1010010_nonce_longer_than_128(client):
    assert (await ask(client, nonce="n" * 128)).code == LET_IN
    assert (await ask(client, nonce="n" * 129)).code == "1010010"


@pytest.mark.parametrize("nonce", ["n", "4f2c-9d01_7", "a b, c=d'"])
async def test_a_nonce_may_hold_any_characters(client, nonce):
    assert (await ask(client, nonce=nonce)).code == LET_IN


async def test_1010003_unknown_app_key(client):
    client.app_key = "nobody"

    assert (await ask(client)).told == (403, "1010003", "Invalid app_key.")


async def test_1010003_app_key_longer_than_any(client):
    client.app_key = "k" * 500

    assert (await ask(client)).code == "1010003"


async def test_1010008_suspended_application(world):
    client = await world.add_application(state=ApplicationState.SUSPENDED)

    assert (await ask(client)).told == (403, "1010008", "The status of the app_key is unavailable.")


@pytest.mark.parametrize("shift", [-300, -1, 0, 299, 300])
async def test_a_clock_within_the_window_is_accepted(world, client, shift):
    headers = client.headers()
    world.clock.step(shift)

    assert (await client.send("GET", headers=headers)).code == "1010002"


@pytest.mark.parametrize("shift", [-301, 301, 28_800, -28_800])
async def test_1010013_clock_outside_the_window(world, client, shift):
    headers = client.headers()
    world.clock.step(shift)

    reply = await client.send("GET", headers=headers)

    assert reply.told == (401, "1010013", "Time out limit.")


async def test_the_window_may_be_a_whole_day(world, client):
    world.limit(clock_window_s=86_400.0)
    headers = client.headers()
    world.clock.step(86_400)

    assert (await client.send("GET", headers=headers)).code == "1010002"
    assert (await client.send("GET", headers=headers)).code == "1010010"
    world.clock.step(1)
    assert (await client.send("GET", headers=headers)).code == "1010013"


async def test_the_window_is_a_setting(world, client):
    world.limit(clock_window_s=10.0)
    headers = client.headers()
    world.clock.step(11)

    assert (await client.send("GET", headers=headers)).code == "1010013"


@pytest.mark.parametrize(
    "created", ["yesterday", "2024-06-11 02:00:00", "1718071200", "2024-06-11T02:00:00", "٢٠٢٤"]
)
async def test_1010013_created_that_is_no_utc_time(client, created):
    headers = client.headers()
    stamp = "2024-06-11T02:00:00Z"
    assert stamp in headers["X-AKSK"]
    headers["X-AKSK"] = headers["X-AKSK"].replace(stamp, created.encode().decode("latin-1"))

    assert (await client.send("GET", headers=headers)).code == "1010013"


async def test_1023031_created_that_is_no_utc_time_under_wsse(client):
    client.scheme = "WSSE"

    assert (await ask(client, created="yesterday")).code == "1023031"


async def test_milliseconds_in_created_are_accepted(client):
    assert (await ask(client, created="2024-06-11T02:00:00.123Z")).code == LET_IN


async def test_1010010_a_request_sent_twice(client):
    headers = client.headers()

    first = await client.send("GET", headers=headers)
    again = await client.send("GET", headers=headers)

    assert (first.code, again.told) == ("1010002", (401, "1010010", "Invalid digest."))


async def test_a_request_sent_twice_is_let_in_where_replays_are(world, client):
    world.limit(refuses_replays=False, nonce_cache=1)
    headers = client.headers()
    codes = [(await client.send("GET", headers=headers)).code for _ in range(3)]

    assert codes == ["1010002"] * 3


async def test_1010010_a_request_sent_again_at_the_edge_of_the_window(world, client):
    headers = client.headers(created="2024-06-11T02:04:59Z")
    await client.send("GET", headers=headers)
    world.clock.step(598)

    assert (await client.send("GET", headers=headers)).told == (401, "1010010", "Invalid digest.")


async def test_a_nonce_may_be_used_again_at_another_time(world, client):
    await ask(client, nonce="short")
    world.clock.step(1)

    assert (await ask(client, nonce="short")).code == LET_IN


async def test_two_applications_may_use_the_same_nonce(world, client):
    other = await world.add_application("key-2")

    assert (await ask(client, nonce="same")).code == LET_IN
    assert (await ask(other, nonce="same")).code == LET_IN


async def test_flow_control_when_no_more_requests_can_be_remembered(world, client):
    world.limit(nonce_cache=2)
    codes = [(await ask(client)).code for _ in range(3)]

    assert codes == [LET_IN, LET_IN, "1010010"]


async def test_1020166_address_not_in_the_allow_list(world):
    client = await world.add_application(allowed_addresses=("198.51.100.0/24",))

    assert (await ask(client)).told == (
        403,
        "1020166",
        "The app client ip is not in ip white list.",
    )
    client.peer = "198.51.100.5"
    assert (await ask(client)).code == LET_IN


async def test_a_forwarded_address_counts_only_from_a_trusted_proxy(world):
    client = await world.add_application(allowed_addresses=("198.51.100.5",))
    headers = client.headers() | {"X-Forwarded-For": "198.51.100.5"}
    assert (await client.send("GET", headers=headers)).code == "1020166"

    world.limit(trusted_proxies=("192.0.2.0/24",))
    headers = client.headers() | {"X-Forwarded-For": "198.51.100.5"}
    assert (await client.send("GET", headers=headers)).code == "1010002"


async def test_1010010_flow_control_of_an_application(world):
    client = await world.add_application(request_limit_per_s=2)
    replies = [await ask(client) for _ in range(3)]

    assert [reply.code for reply in replies] == [LET_IN, LET_IN, "1010010"]
    assert replies[2].told == (
        403,
        "1010010",
        "The flow control upper limit is reached on the platform.",
    )
    world.clock.step(1)
    assert (await ask(client)).code == LET_IN


async def test_1011006_flow_control_of_an_address(world, client):
    world.limit(address_requests_per_s=1)
    await ask(client)

    assert (await ask(client)).told == (403, "1011006", "Under traffic control status")
    client.peer = "192.0.2.8"
    assert (await ask(client)).code == LET_IN


@pytest.mark.parametrize("mode", [Mode.AX, Mode.AXE, Mode.AXYB, Mode.X])
async def test_1010040_application_of_another_mode(world, mode):
    client = await world.add_application(mode=mode)

    assert (await ask(client)).told == (
        403,
        "1010040",
        "The app_key is not allowed to invoke the API.",
    )


async def test_1010029_frozen_tenant(world):
    client = await world.add_application(tenant_state=TenantState.FROZEN)

    assert (await ask(client)).told == (403, "1010029", "The subscriber status is frozen.")


async def test_1020176_address_with_too_many_failures(world, client):
    world.lock_out_after(3)
    thief = await world.add_application("key-2")
    thief.secret = "guess"
    codes = [(await ask(thief)).code for _ in range(4)]

    assert codes == ["1010010", "1010010", "1010010", "1020176"]
    assert (await ask(client)).told == (
        403,
        "1020176",
        "Authentication failed, try again later",
    )
    client.peer = "192.0.2.8"
    assert (await ask(client)).code == LET_IN


async def test_a_lock_out_lasts_30_minutes(world, client):
    world.lock_out_after(1)
    secret, client.secret = client.secret, "guess"
    await ask(client)
    client.secret = secret

    world.clock.step(1799)
    assert (await ask(client)).code == "1020176"
    world.clock.step(1)
    assert (await ask(client)).code == LET_IN


async def test_unknown_keys_count_towards_the_lock_out_and_late_clocks_do_not(world, client):
    world.lock_out_after(2)
    for _ in range(5):
        await ask(client, created="2024-06-11T10:00:00Z")
    assert (await ask(client)).code == LET_IN

    client.app_key = "nobody"
    codes = [(await ask(client)).code for _ in range(3)]
    assert codes == ["1010003", "1010003", "1020176"]


async def test_a_success_does_not_reset_the_count_of_failures(world, client):
    world.lock_out_after(2)
    thief = await world.add_application("key-2")
    thief.secret = "guess"
    codes = [(await ask(one)).code for one in (thief, client, thief, client)]

    assert codes == ["1010010", LET_IN, "1010010", "1020176"]


async def test_the_proxys_address_counts_when_it_stands_in_a_header_of_its_own(world):
    """Some proxies add a second line behind the one that the client made up."""
    world.limit(trusted_proxies=("10.0.0.0/8",))
    client = await world.add_application(allowed_addresses=("198.51.100.5",))
    client.peer = "10.0.0.1"

    def forwarded(*hops: str) -> list[tuple[str, str]]:
        return [*client.headers().items(), *(("X-Forwarded-For", hop) for hop in hops)]

    invented = await client.send("GET", headers=forwarded("198.51.100.5", "203.0.113.9"))
    genuine = await client.send("GET", headers=forwarded("203.0.113.9", "198.51.100.5"))

    assert invented.code == "1020166"
    assert genuine.code != "1020166"


async def test_1010010_the_signature_of_a_push_is_no_signature_of_a_request(world, client):
    """Whoever sees a push that went over plain HTTP could else ask in the customer's name."""
    pushed = sign(client.app_key, client.secret, "0123456789abcdef" * 2, world.clock.now())

    assert (await client.send("GET", query="subscriptionId=none", headers=pushed)).told == (
        401,
        "1010010",
        "Invalid digest.",
    )


def without(name: str, scheme: str = "AKSK"):
    """A change of the headers that takes one attribute of the second one away."""

    def change(headers):
        key = f"X-{scheme}"
        headers[key] = re.sub(f',?{name}="[^"]*"', "", headers[key])

    return change


def authorization(old: str, new: str):
    """A change of what `Authorization` says."""

    def change(headers):
        headers["Authorization"] = headers["Authorization"].replace(old, new)

    return change


def dropped(name: str):
    return lambda headers: headers.pop(name)


def no_token(headers):
    headers["X-AKSK"] = headers["X-AKSK"].removeprefix("UsernameToken ")


HEADER_FAULTS = [
    (dropped("Authorization"), "1023006", "Authorization not contained in the HTTP header."),
    (authorization('realm="SDP",', ""), "1023007", "realm not contained in Authorization."),
    (
        authorization('profile="UsernameToken",', ""),
        "1023008",
        "profile not contained in Authorization.",
    ),
    (
        authorization('"SDP"', '"other"'),
        "1023009",
        "The value of realm in Authorization must be SDP.",
    ),
    (
        authorization('"UsernameToken"', '"other"'),
        "1023010",
        "The value of profile in Authorization must be UsernameToken.",
    ),
    (
        authorization('"Appkey"', '"other"'),
        "1023011",
        "The value of type in Authorization must be app_key.",
    ),
    (authorization(',type="Appkey"', ""), "1023012", "type not contained in Authorization."),
]


@pytest.mark.parametrize("scheme", ["AKSK", "WSSE"])
@pytest.mark.parametrize(
    ("fault", "code", "text"), HEADER_FAULTS, ids=[fault[1] for fault in HEADER_FAULTS]
)
async def test_each_fault_of_authorization_has_its_code_and_text(client, scheme, fault, code, text):
    client.scheme = scheme
    headers = client.headers()
    fault(headers)

    assert (await client.send("GET", headers=headers)).told == (400, code, text)


@pytest.mark.parametrize(
    ("scheme", "fault", "code", "text"),
    [
        ("AKSK", dropped("X-AKSK"), "1023033", "HTTP header not found X-AKSK field."),
        ("AKSK", without("Username"), "1023034", "UserName not contained in X-AKSK."),
        ("AKSK", without("Nonce"), "1023035", "Nonce not contained in X-AKSK."),
        ("AKSK", without("Created"), "1023036", "Created not contained in X-AKSK."),
        ("AKSK", without("PasswordDigest"), "1023037", "PasswordDigest not contained in X-AKSK."),
        ("AKSK", no_token, "1023038", "UsernameToken not contained in X-AKSK."),
        (
            "WSSE",
            authorization("WSSE", "Other"),
            "1023013",
            "WSSE not contained in Authorization.",
        ),
        ("WSSE", dropped("X-WSSE"), "1023026", "X-WSSE not contained in the HTTP header."),
        ("WSSE", without("Username", "WSSE"), "1023027", "Username not contained in X-WSSE."),
        ("WSSE", without("Nonce", "WSSE"), "1023028", "Nonce not contained in X-WSSE."),
        ("WSSE", without("Created", "WSSE"), "1023029", "Created not contained in X-WSSE."),
        (
            "WSSE",
            without("PasswordDigest", "WSSE"),
            "1023030",
            "PasswordDigest not contained in X-WSSE.",
        ),
    ],
)
async def test_each_fault_of_the_second_header_has_its_code_and_text(
    client, scheme, fault, code, text
):
    client.scheme = scheme
    headers = client.headers()
    fault(headers)

    assert (await client.send("GET", headers=headers)).told == (400, code, text)
