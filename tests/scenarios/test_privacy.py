"""Nothing of one party reaches the other, byte by byte, whatever the two sides put into SIP."""

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A, B = "13811110001", "13911110002"


def first(pattern: str, messages: list[bytes]) -> str:
    found = re.search(pattern, b"\n".join(messages).decode("utf-8", "replace"))
    assert found is not None, pattern
    return found[1]


def leaks(secrets: list[str], messages: list[bytes]) -> list[str]:
    assert messages, "nothing was captured"
    text = b"\n".join(messages).decode("utf-8", "replace").lower()
    return [secret for secret in secrets if secret.lower() in text]


@pytest.mark.parametrize(
    ("caller", "callee"),
    [
        ("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on"),
        ("uac_talks_until_the_other_hangs_up", "uas_answers_then_hangs_up"),
        ("uac_hears_early_media", "uas_plays_early_media"),
        ("uac_hears_early_media", "uas_requires_prack"),
        ("uac_invites_without_sdp", "uas_answers_then_is_hung_up_on"),
        ("uac_requires_100rel", "uas_answers_then_is_hung_up_on"),
        ("uac_holds_and_resumes", "uas_answers_then_is_hung_up_on"),
        ("uac_expects_480", "uas_is_switched_off_480_cause_20"),
        ("uac_expects_603", "uas_declines_603"),
        ("uac_cancels_while_ringing", "uas_is_cancelled_while_ringing"),
    ],
)
async def test_neither_side_sees_anything_of_the_other(theatre: Any, caller: str, callee: str):
    await theatre.bind()
    near, far = await theatre.play(caller, callee)
    sent_by_a, sent_by_b = near.messages("sent"), far.messages("sent")
    of_a = [
        A,
        "alice",
        f":{near.port}",
        "Alice-Phone",
        "private line",
        "X-secret",
        "Diversion",
        "utran-cell",
        "53655765",
        first(r"Call-ID: (\S+)", sent_by_a),
        first(r"branch=(\S+)", sent_by_a),
        f"m=audio {near.media_port} ",
    ]
    of_b = [
        B,
        "bob-",
        f":{far.port}",
        "Bob-Phone",
        "private line",
        "Subscriber absent",
        "1122334455",
        first(r"Call-ID: (\S+)", sent_by_b),
        first(r"branch=(\S+?)[;\r\n]", sent_by_b),
        f"m=audio {far.media_port} ",
    ]
    of_a, of_b = leaks(of_a, sent_by_a), leaks(of_b, sent_by_b)
    assert len(of_a) >= 10
    assert len(of_b) >= 3
    assert leaks(of_a, far.messages("received")) == []
    assert leaks(of_b, near.messages("received")) == []


async def test_the_callee_is_shown_x(theatre: Any):
    await theatre.bind()
    _, far = await theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")
    invite = far.messages("received")[0].decode()
    assert re.search(r"From: <sip:(\+\d+)@", invite)[1] == theatre.x
    assert re.search(r"P-Asserted-Identity: <sip:(\+\d+)@", invite)[1] == theatre.x
