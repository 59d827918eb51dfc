"""ESMEs that others wrote, at the lab's message centre: our sessions, texts and receipts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiosmpplib
import pytest
import smpplib.client
import smpplib.consts
import smpplib.gsm

from maskline.lab.message_centre import CentreBehaviour, MessageCentre
from maskline.protocols.smpp.segment import Concatenation

A, X = "+8613900001001", "+8617000001001"
WITHIN_S = 10.0

TEXTS = {
    "english": "On my way {euro €} [ok]",
    "chinese": "到楼下了,请开门。",
    "emoji": "👍🏽 好的 👨‍👩‍👧",
    "three_parts_of_chinese": "您的快递放在门口的柜子里了。" * 14,
    "three_parts_of_english": "The parcel is in the box by the door. " * 11,
}


@pytest.fixture
async def centre() -> AsyncIterator[MessageCentre]:
    centre = MessageCentre(lambda: 0.5)
    await centre.start()
    yield centre
    await centre.close()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_handset_shows_what_smpplib_submits(centre: MessageCentre, text: str) -> None:
    loop = asyncio.get_running_loop()
    answered = await loop.run_in_executor(None, submit_with_smpplib, centre.address, text)
    (received,) = centre.handsets.received(A)
    assert (received.text, received.sender) == (text, X)
    assert len(set(answered)) == received.parts


@pytest.mark.parametrize("concatenation", [Concatenation.UDH, Concatenation.UDH16])
async def test_smpplib_is_given_what_a_handset_writes(
    centre: MessageCentre, concatenation: Concatenation
) -> None:
    centre.behaviour = CentreBehaviour(concatenation=concatenation)
    loop = asyncio.get_running_loop()
    text = TEXTS["three_parts_of_chinese"]
    listening = loop.run_in_executor(None, listen_with_smpplib, centre.address, 3)
    async with asyncio.timeout(WITHIN_S):
        parts = await centre.send(A, X, text)
        bodies = await listening
    header = 6 if concatenation is Concatenation.UDH else 7
    assert (parts, b"".join(body[header:] for body in bodies).decode("utf-16-be")) == (3, text)


# It leaves its socket to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_handset_shows_what_aiosmpplib_submits(centre: MessageCentre, text: str) -> None:
    hook = Heard()
    esme = aiosmpplib.ESME(*centre.address, "peer", "secret", hook=hook, log_level="ERROR")
    running = asyncio.get_running_loop().create_task(esme.start())
    try:
        async with asyncio.timeout(WITHIN_S):
            await esme.broker.enqueue(submission(text))
            await hook.has_receipt.wait()
    finally:
        await esme.stop()
        await running
    (received,) = centre.handsets.received(A)
    assert (received.text, received.sender) == (text, X)
    assert hook.receipts[0]["stat"] == "DELIVRD"


class Heard(aiosmpplib.AbstractHook):
    """Notes the receipts that an ESME got."""

    def __init__(self) -> None:
        self.receipts: list[dict[str, Any]] = []
        self.has_receipt = asyncio.Event()

    async def sending(self, *_: object) -> None: ...

    async def received(self, message: Any, *_: object) -> None:
        if isinstance(message, aiosmpplib.DeliverSm) and message.is_receipt():
            self.receipts.append(message.parse_receipt())
            self.has_receipt.set()

    async def send_error(self, *_: object) -> None: ...


def submission(text: str) -> aiosmpplib.SubmitSm:
    international = (aiosmpplib.TON.INTERNATIONAL, aiosmpplib.NPI.ISDN)
    return aiosmpplib.SubmitSm(
        short_message=text,
        source=aiosmpplib.PhoneNumber(X, *international),
        destination=aiosmpplib.PhoneNumber(A, *international),
        registered_delivery=1,
        auto_message_payload=True,
        log_id="one",
    )


def submit_with_smpplib(address: tuple[str, int], text: str) -> list[str]:
    """Submit a text in as many parts as it needs; the message ids that were given."""
    client = smpplib.client.Client(*address, allow_unknown_opt_params=True)
    answered: list[str] = []
    client.set_message_sent_handler(lambda pdu: answered.append(pdu.message_id.decode()))
    client.connect()
    client.bind_transceiver(system_id="peer", password="secret")
    parts, coding, flags = smpplib.gsm.make_parts(text)
    for part in parts:
        client.send_message(
            source_addr_ton=smpplib.consts.SMPP_TON_INTL,
            source_addr=X,
            dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
            destination_addr=A,
            short_message=part,
            data_coding=coding,
            esm_class=flags,
        )
        client.read_once()
    client.unbind()
    client.disconnect()
    return answered


def listen_with_smpplib(address: tuple[str, int], count: int) -> list[bytes]:
    """The bodies of the next messages that come."""
    client = smpplib.client.Client(*address, allow_unknown_opt_params=True)
    bodies: list[bytes] = []
    client.set_message_received_handler(lambda pdu: bodies.append(pdu.short_message))
    client.connect()
    client.bind_receiver(system_id="peer", password="secret")
    while len(bodies) < count:
        client.read_once()
    client.unbind()
    client.disconnect()
    return bodies
