"""Short messages from handset to handset through X: SMPP, desk and SQLite are all real."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.messages.conftest import A, B, Site, X

from maskline.domain.application import Mode
from maskline.domain.message import SendResult
from maskline.domain.sms_link import SmsLink
from maskline.lab.demo.certificate import keep_certificate
from maskline.lab.message_centre import NotTaken
from maskline.protocols.smpp.segment import Concatenation
from maskline.protocols.smpp.status import Status
from maskline.settings import Settings
from maskline.settings_messages import MessagesSection

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

LONG = "您的司机😀将在五分钟后到达，请在门口等候。Plate B-12345 [blue] € " * 4


@pytest.mark.parametrize("style", [Concatenation.UDH, Concatenation.SAR, Concatenation.PAYLOAD])
async def test_messages_of_every_kind_arrive_octet_by_octet_with_receipts(site: Site, style):
    site.centre.behaviour = replace(site.centre.behaviour, concatenation=style)
    for sender, receiver, text in ((A, B, "hello [you] €"), (B, A, LONG), (A, B, "👍🏽")):
        await site.centre.send(sender, X[Mode.AXB], text)
        assert await site.text_for(receiver) == (X[Mode.AXB], text)
        message = await site.message("delivered", SendResult.SUCCESS)
        assert message.sent == message.total == len(message.parts)
    assert site.plane.counters.receipts["delivered"] == site.plane.counters.parts["taken"]


async def test_the_customer_is_told_with_both_numbers(site: Site):
    await site.centre.send("+8613700009009", X[Mode.AX], "is it still for sale?")
    assert await site.text_for(A) == (X[Mode.AX], "is it still for sale?[From+8613700009009]")
    await site.message("delivered")
    told = await site.notice()
    assert (told["calling"], told["called"], told["virtualNumber"]) == (
        "+8613700009009",
        A,
        X[Mode.AX],
    )
    assert told["sendResult"] == 0


async def test_a_message_to_no_number_of_ours_is_refused_for_good(site: Site):
    with pytest.raises(NotTaken, match="0xb, no platform here has that number"):
        await site.centre.send(A, "+8617099999999", "hello?")


async def test_a_centre_that_is_slow_and_busy_gets_every_message_once(site: Site):
    site.centre.behaviour = replace(site.centre.behaviour, throttles_every=3)
    for number in range(6):
        await site.centre.send(A, X[Mode.AXB], f"message {number}")
    await site.until(lambda: len(site.centre.handsets.received(B)) == 6)
    assert sorted(one.text for one in site.centre.handsets.received(B)) == [
        f"message {number}" for number in range(6)
    ]


async def test_a_connection_cut_before_the_answer_repeats_a_message_at_most_once(site: Site):
    site.centre.behaviour = replace(site.centre.behaviour, drops_every=2)
    await site.centre.send(A, X[Mode.AXB], "one")
    await site.text_for(B)
    site.centre.behaviour = replace(site.centre.behaviour, drops_every=1)
    await site.centre.send(A, X[Mode.AXB], "two")
    await site.until(lambda: [one.text for one in site.centre.handsets.received(B)].count("two"))
    site.centre.behaviour = replace(site.centre.behaviour, drops_every=0)
    message = await site.message("delivered", SendResult.SUCCESS)
    assert message.text == "two"
    assert message.is_repeated
    assert [one.text for one in site.centre.handsets.received(B)] == ["one", "two", "two"]


async def test_a_link_over_tls_is_bound_to_a_centre_that_the_ca_vouches_for(
    site: Site, tmp_path: Path
):
    certificate, key = keep_certificate(tmp_path, site.clock.now())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(site.centre._connection, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    link = SmsLink(name="lab", host="127.0.0.1", port=port, is_tls=True, system_id="over-tls")
    await site.store.save_sms_link(link)
    await site.end()
    site.settings = Settings(messages=MessagesSection(ca=str(certificate)))
    await site.begin()
    assert site.centre.bound == ("over-tls",)
    await site.centre.send(A, X[Mode.AXB], "nobody else reads this")
    assert await site.text_for(B) == (X[Mode.AXB], "nobody else reads this")
    await site.end()
    # Without that authority nobody is let in.
    site.settings = Settings(messages=MessagesSection())
    stranger = await site.start()
    await site.until(lambda: stranger.board.states[0].reason)
    assert "CERTIFICATE" in stranger.board.states[0].reason.upper()
    await site.end()
    server.close()


async def test_what_no_link_took_goes_out_after_a_restart(site: Site):
    site.centre.behaviour = replace(site.centre.behaviour, refuses=Status.QUEUE_FULL)
    await site.centre.send(A, X[Mode.AXB], "later")
    await site.until(lambda: site.plane.counters.parts["passing"])
    await site.end()
    site.centre.behaviour = replace(site.centre.behaviour, refuses=None)
    await site.begin()
    assert await site.text_for(B) == (X[Mode.AXB], "later")
    message = await site.message("delivered", SendResult.SUCCESS)
    assert not message.is_repeated
