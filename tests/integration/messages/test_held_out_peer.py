"""Every flow of `spec/common.md` 5.1, and all ways to write, with a message centre of the standard.

Texts are octets here, as the standards have them (TS 23.038, UTF-16), never of our own coding.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.integration.messages.conftest import A, B, Site, X
from tests.integration.messages.peer import (
    MESSAGE_PAYLOAD,
    MESSAGE_STATE,
    RECEIPTED_MESSAGE_ID,
    SAR_MSG_REF_NUM,
    SAR_SEGMENT_SEQNUM,
    SAR_TOTAL_SEGMENTS,
    Peer,
    Submit,
)

from maskline.domain.application import Mode
from maskline.domain.message import MessagePart
from maskline.domain.sms_link import LongMessages, ReceiptIds
from maskline.lab.receiver import Answer, Push, Receiver
from maskline.services.message_store import MessageFilter
from maskline.services.store import Page
from maskline.settings import DeliverySection, Settings

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

C = "+8613700009009"
UCS2, LATIN1, UDHI, RECEIPT = 0x08, 0x03, 0x40, 0x04
HELLO = "您好😀，车到了👍🏽"
LONG = "您的司机😀将在五分钟后到达，请在门口等候。车牌 B-12345 " * 6
GSM = (
    b"hello \x00 \x1b<home\x1b> \x1b(1\x1b) \x1be5 \x1b=\x1b\x14\x1b@\x1b/",
    b"\x01 \x04 \x0b \x15 \x7d \x60 \x5f \x7e",
)
"""hello @ [home] {1} €5 ~^|\\, and £ è Ø Ω ñ ¿ § ü."""

UNITS = 134
"""Octets of a part of UCS-2 beside a header of six (TS 23.040 9.2.3.24.1)."""


class PeerSite(Site):
    """The message plane, bound to the peer, with a customer who decides."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.peer = Peer()
        self.centre = self.peer  # type: ignore[assignment]
        self.settings = Settings(
            messages=self.settings.messages, delivery=DeliverySection(allow_private=True)
        )
        self.customer = Receiver(None, self._decide)
        self.decision: object = {}
        self._over = 0

    def _decide(self, _: Push) -> Answer:
        return Answer(body=msgspec.json.encode({"actions": [self.decision]}))

    async def open(self) -> None:
        await self.customer.start()
        self._stack.push_async_callback(self.customer.close)
        await super().open()
        now = self.clock.now()
        axb = await self.store.application("axb")
        assert axb is not None
        for mode in (Mode.X, Mode.AXE, Mode.AXYB):
            await self.store.add_application(replace(axb, app_key=mode.value, mode=mode))
            number = replace(
                (await self.store.route(X[Mode.AXB], A)).number,
                number=other_x(mode), app_key=mode.value, created_at=now,
            )  # fmt: skip
            await self.store.add_numbers([number])
        for app_key in ("ax", "x"):
            application = await self.store.application(app_key)
            await self.store.save_application(
                replace(application, sms_control_url=f"{self.customer.url}/decide")
            )

    async def change_link(self, **fields: object) -> None:
        (link,) = await self.store.sms_links()
        await self.store.save_sms_link(replace(link, **fields))
        assert self.plane is not None
        self.plane.links_changed()
        await self.until(lambda: self.plane.board.link("lab").config == replace(link, **fields))

    async def passed(self, sender: str, x: str, octets: bytes, **how: Any) -> list[Submit]:
        """What comes out of a message that goes in whole, once it is over."""
        before = len(self.peer.submits)
        assert await self.peer.deliver(sender, x, octets, **how) == 0
        return await self.came_out(before)

    async def came_out(self, before: int) -> list[Submit]:
        """What has come out, once one more message is over."""
        async with asyncio.timeout(10):
            while True:
                found = await self.store.messages(MessageFilter(), Page(limit=100))
                if len(found.rows) > self._over and found.rows[0].result is not None:
                    self._over = len(found.rows)
                    break
                await asyncio.sleep(0.01)
        return self.peer.submits[before:]

    async def parts(self) -> tuple[MessagePart, ...]:
        return (await self.store.messages(MessageFilter(), Page(limit=1))).rows[0].parts

    def asked(self) -> dict[str, Any]:
        return self.customer.received[-1].json()["smsEvent"]


def other_x(mode: Mode) -> str:
    return {
        Mode.X: "+8617000000003", Mode.AXE: "+8617000000004", Mode.AXYB: "+8617000000005"
    }[mode]  # fmt: skip


def utf16(text: str) -> bytes:
    return text.encode("utf-16-be")


def checked(submit: Submit, x: str, receiver: str) -> bytes:
    """The text, after every other field."""
    assert submit.source == (1, 1, x.encode()), "international, ISDN"
    assert submit.destination == (1, 1, receiver.encode())
    assert submit.registered_delivery == 1
    return submit.text


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[PeerSite]:
    site = PeerSite(tmp_path)
    await site.open()
    yield site
    await site.close()
    assert site.peer.faults == []


async def test_every_row_of_the_flows(site: PeerSite):
    ax, axb = X[Mode.AX], X[Mode.AXB]
    # AXB, either way.
    for sender, receiver in ((A, B), (B, A)):
        (submit,) = await site.passed(sender, axb, utf16(HELLO), data_coding=UCS2)
        assert checked(submit, axb, receiver) == utf16(HELLO)
        told = await site.notice()
        assert (told["notificationMode"], told["sendResult"]) == ("Notify", 0)
        assert (told["calling"], told["called"]) == (sender, receiver)
        assert told["extInfo"]["extParas"][0] == {"key": "splitNum", "value": "1"}
    # AX: others to A.
    (submit,) = await site.passed(C, ax, utf16(HELLO), data_coding=UCS2)
    assert checked(submit, ax, A) == utf16(f"{HELLO}[From{C}]")
    # AX: A to a number.
    (submit,) = await site.passed(A, ax, utf16(f"{HELLO}@{C}"), data_coding=UCS2)
    assert checked(submit, ax, C) == utf16(HELLO)
    assert site.customer.total == 0
    # AX: A without one, or with a malformed one. X: always.
    forward = {"operation": "vNumberRoute", "message": {"called": C, "calling": A}}
    unaddressed = [(ax, HELLO + end) for end in ("", f"＠{C}", "@123")]
    for x, text in (*unaddressed, (other_x(Mode.X), HELLO)):
        site.decision = forward
        (submit,) = await site.passed(A, x, utf16(text), data_coding=UCS2)
        assert checked(submit, x, C) == utf16(text)
        asked, told = site.asked(), await site.notice()
        assert (asked["notificationMode"], asked["calling"]) == ("Block", A)
        assert (told["notificationMode"], told["sendResult"], told["called"]) == ("Notify", 0, C)
        assert told["smsIdentifier"] == asked["smsIdentifier"]
        site.decision = {"operation": "DiscardMessage"}
        assert await site.passed(A, x, utf16(f"{text}!"), data_coding=UCS2) == []
        assert (await site.notice())["sendResult"] == 6
    assert site.customer.total == 8
    # AXE, AXYB: not supported.
    for mode in (Mode.AXE, Mode.AXYB):
        assert await site.passed(A, other_x(mode), utf16(HELLO), data_coding=UCS2) == []
        assert (await site.notice())["sendResult"] == 11


async def test_every_way_to_write_a_short_text(site: PeerSite):
    x = X[Mode.AXB]
    for octets in GSM:
        (submit,) = await site.passed(A, x, octets)
        assert (checked(submit, x, B), submit.data_coding) == (octets, 0)
    # A message class, and the general group of TS 23.038.
    (submit,) = await site.passed(A, x, b"flash", data_coding=0xF0)
    assert (submit.text, submit.data_coding) == (b"flash", 0)
    (submit,) = await site.passed(A, x, utf16("您好"), data_coding=0x18)
    assert (submit.text, submit.data_coding) == (utf16("您好"), UCS2)
    # Latin-1: in GSM where that can write it, else in UCS-2, or in Latin-1 where the link may.
    (submit,) = await site.passed(A, x, "Señor Ü".encode("latin-1"), data_coding=LATIN1)
    assert (submit.text, submit.data_coding) == (b"Se\x7dor \x5e", 0)
    (submit,) = await site.passed(A, x, "ça prêt".encode("latin-1"), data_coding=LATIN1)
    assert (submit.text, submit.data_coding) == (utf16("ça prêt"), UCS2)
    await site.change_link(sends_latin1=True)
    (submit,) = await site.passed(A, x, "ça prêt!".encode("latin-1"), data_coding=LATIN1)
    assert (submit.text, submit.data_coding) == ("ça prêt!".encode("latin-1"), LATIN1)
    # A national number, and a payload.
    payload = ((MESSAGE_PAYLOAD, utf16(HELLO)),)
    (submit,) = await site.passed(A[3:], x, b"", data_coding=UCS2, tlvs=payload)
    assert checked(submit, x, B) == utf16(HELLO)
    # Whom nobody knows is refused for good: ESME_RINVDSTADR.
    assert await site.peer.deliver(A, "+8617099999999", b"who?") == 0x0B


def parts_in(way: str, text: str) -> list[dict[str, Any]]:
    """The deliver_sm's of a long text; a phone may cut within a character."""
    if way == "payload":
        return [{"short_message": b"", "tlvs": ((MESSAGE_PAYLOAD, utf16(text)),)}]
    octets = utf16(text)
    pieces = [octets[at : at + UNITS] for at in range(0, len(octets), UNITS)]
    total, made = len(pieces), []
    for number, piece in enumerate(pieces, 1):
        if way == "sar":
            tlvs = (
                (SAR_SEGMENT_SEQNUM, bytes((number,))), (SAR_TOTAL_SEGMENTS, bytes((total,))),
                (SAR_MSG_REF_NUM, b"\xfe\xdc"),
            )  # fmt: skip
            made.append({"short_message": piece, "tlvs": tlvs})
            continue
        place = bytes((total, number))
        header = {
            "udh8": b"\x05\x00\x03\xee" + place,
            "udh16": b"\x06\x08\x04\xbe\xef" + place,
            # Behind the ports of an application (TS 23.040 9.2.3.24.4).
            "udh8 behind ports": b"\x0b\x05\x04\x00\x50\x00\x50\x00\x03\xdd" + place,
        }[way]
        made.append({"short_message": header + piece, "esm_class": UDHI})
    return made


def text_out(way: LongMessages, submits: list[Submit]) -> bytes:
    """The text that a phone puts together."""
    if way is LongMessages.PAYLOAD:
        (submit,) = submits
        return submit.tlvs[MESSAGE_PAYLOAD]
    found: dict[int, bytes] = {}
    references = set()
    for submit in submits:
        octets = submit.short_message
        if way is LongMessages.SAR:
            assert (submit.esm_class, len(octets) <= UNITS) == (0, True)
            reference, total, number = (
                submit.tlvs[tag]
                for tag in (SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM)
            )
            references.add(reference)
            assert total[0] == len(submits)
            found[number[0]] = octets
            continue
        size = 1 + octets[0]
        kind = b"\x08\x04" if way is LongMessages.UDH16 else b"\x00\x03"
        assert (submit.esm_class, octets[1:3], len(octets) <= 140) == (UDHI, kind, True)
        references.add(octets[3 : size - 2])
        assert octets[size - 2] == len(submits)
        found[octets[size - 1]] = octets[size:]
    assert len(references) == 1
    assert sorted(found) == list(range(1, len(submits) + 1))
    for piece in found.values():
        piece.decode("utf-16-be")  # no character is cut in two
    return b"".join(found[number] for number in sorted(found))


async def test_long_messages_in_every_way_in_and_out(site: PeerSite):
    ways = ["udh8", "udh16", "udh8 behind ports", "sar", "payload"]
    outs = [*LongMessages, LongMessages.UDH]
    for turn, (way, out) in enumerate(zip(ways, outs, strict=True)):
        await site.change_link(long_messages=out)
        text = LONG if turn % 2 else f"!{LONG}"  # so that another character is cut
        parts = parts_in(way, text)
        assert len(parts) == (1 if way == "payload" else 3)
        before = len(site.peer.submits)
        # The last part first, and each one again that was not the last to come.
        order = [parts[-1], parts[0], parts[0], parts[-1], *parts[1:-1]] if parts[1:] else parts
        for part in order:
            assert await site.peer.deliver(A, X[Mode.AXB], data_coding=UCS2, **part) == 0
        submits = await site.came_out(before)
        assert [checked(one, X[Mode.AXB], B) and one.data_coding for one in submits] == [UCS2] * (
            1 if out is LongMessages.PAYLOAD else 3
        )
        assert text_out(out, submits) == utf16(text), (way, out)
        told = await site.notice()
        assert told["extInfo"]["extParas"][0] == {"key": "splitNum", "value": str(len(submits))}


async def test_three_parts_of_gsm_are_cut_and_joined_between_characters(site: PeerSite):
    octets = (b"A\x1b<b\x1b>c " * 52)[: 153 * 2 + 60]
    pieces = [octets[:153], octets[153:306], octets[306:]]
    before = len(site.peer.submits)
    for number, piece in enumerate(pieces, 1):
        header = b"\x05\x00\x03\x11\x03" + bytes((number,))
        status = await site.peer.deliver(A, X[Mode.AXB], header + piece, esm_class=UDHI)
        assert status == 0
    submits = await site.came_out(before)
    bodies = [submit.text[6:] for submit in submits]
    assert b"".join(bodies) == octets
    assert all(len(body) <= 153 and not body.endswith(b"\x1b") for body in bodies)


async def test_receipts_in_every_form(site: PeerSite):
    async def receipt(body: bytes, **tlvs: bytes) -> str:
        """The state of the last part after a receipt for it."""
        named = {"id": RECEIPTED_MESSAGE_ID, "state": MESSAGE_STATE}
        status = await site.peer.deliver(
            B, X[Mode.AXB], body, esm_class=RECEIPT,
            tlvs=tuple((named[name], value) for name, value in tlvs.items()),
        )  # fmt: skip
        assert status == 0
        (part,) = await site.parts()
        return part.state.value

    def written(number: str, stat: str) -> bytes:
        return (
            f"id:{number} sub:001 dlvrd:001 submit date:2612010900 done date:2612010901"
            f" stat:{stat} err:000 text:hello"
        ).encode()

    async def sent() -> tuple[int, str]:
        (submit,) = await site.passed(A, X[Mode.AXB], b"hello %d" % len(site.peer.submits))
        return site.peer.last_ids(1)[0], submit.message_id.decode()

    # Appendix B, the text alone.
    failed = {"EXPIRED": "expired", "UNDELIV": "undeliverable", "REJECTD": "undeliverable"}
    for stat, state in ({"DELIVRD": "delivered"} | failed).items():
        _, message_id = await sent()
        assert await receipt(written(message_id, stat)) == state
    # 5.3.2.12 and 5.3.2.35, the optional parameters alone; ENROUTE is no end.
    _, message_id = await sent()
    assert await receipt(b"", id=message_id.encode() + b"\0", state=b"\x01") == "taken"
    assert await receipt(b"", id=message_id.encode() + b"\0", state=b"\x02") == "delivered"
    # Hexadecimal in the answer, decimal in the receipt; and the other way round.
    await site.change_link(receipt_ids=ReceiptIds.HEX)
    number, _ = await sent()
    assert await receipt(written(f"{number:010}", "DELIVRD")) == "delivered"
    site.peer.id_format = "{}"
    await site.change_link(receipt_ids=ReceiptIds.DECIMAL)
    number, _ = await sent()
    assert await receipt(written(f"{number:X}", "DELIVRD")) == "delivered"
