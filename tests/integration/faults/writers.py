"""Handsets that write through X while the platform is killed, and the books that are kept of it."""

import asyncio
import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.integration.faults.world import listed, settled
from tests.scenarios.test_kill import Server

from maskline.lab.message_centre import CentreBehaviour, MessageCentre, NotTaken, delivery
from maskline.lab.message_connection import CentreConnection
from maskline.lab.receiver import Receiver
from maskline.lab.rest import RestClient
from maskline.protocols.smpp.event import MessageCame
from maskline.protocols.smpp.pdu import Message
from maskline.protocols.smpp.segment import Concatenation, read_segment, split_text
from maskline.protocols.smpp.status import PASSING, Status

X = "+8617000001001"
BINDERS = 8
WORDS = ("您的司机😀将在五分钟后到达", "👍🏽 好的，马上下来", "车牌 B-12345，尾号八八")
SHORT, LONG = 1, 3
NOT_YET = (
    "nobody who takes messages is bound",
    "no answer",
    *(f"status {status:#x}" for status in (*PASSING, Status.SYSTEM_ERROR)),
)
"""Why a message centre tries again later."""

IN_MIND = 64
"""Answers of the message centre that the platform may not have kept yet when it is killed."""


@dataclass
class Submit:
    """A part that the centre was given by us: when, over what, and whether it was answered."""

    message: Message
    connection: CentreConnection
    number: int
    answer: int | None = None
    """Which answer this got over its connection, from 1."""


class BookedCentre(MessageCentre):
    """A message centre that takes every submit after a while, and notes all that happens."""

    def __init__(self) -> None:
        super().__init__(random.Random(1).random)
        self.behaviour = CentreBehaviour(delay_s=0.02, concatenation=Concatenation.UDH)
        self.submits: list[Submit] = []
        self.answers: dict[CentreConnection, int] = defaultdict(int)

    def take(self, connection: CentreConnection, came: MessageCame) -> None:
        submit = Submit(came.message, connection, len(self.submits))
        self.submits.append(submit)
        super().take(_Noting(connection, submit, self), came)  # type: ignore[arg-type]

    async def deliver(self, message: Message) -> None:
        """Have a part, or a receipt, taken, however long that takes."""
        while True:
            try:
                return await super().deliver(message)
            except NotTaken as error:
                if str(error) not in NOT_YET:
                    raise

    def stands(self, connection: CentreConnection) -> bool:
        """Whether a connection was not lost."""
        return connection in self._connections


@dataclass
class _Noting:
    """A connection that notes which answers were written to it."""

    connection: CentreConnection
    submit: Submit
    centre: BookedCentre

    def answer(self, came: MessageCame, status: Status, message_id: str = "") -> None:
        assert status is Status.OK
        if self.centre.stands(self.connection):
            self.centre.answers[self.connection] += 1
            self.submit.answer = self.centre.answers[self.connection]
        self.connection.answer(came, status, message_id)


@dataclass
class Letter:
    """What one handset wrote to another through X."""

    sender: str
    receiver: str
    text: str
    parts: int
    is_answered: bool = False
    submits: list[Submit] = field(default_factory=list)


class Writers:
    """A customer whose people write to each other, each to one other and only once."""

    def __init__(self, server: Server, centre: BookedCentre, receiver: Receiver) -> None:
        self.centre = centre
        self.letters: list[Letter] = []
        self.is_over = False
        self._server = server
        self._receiver = receiver
        self._numbers = itertools.count()
        self._references = itertools.count(1)

    @classmethod
    async def open(cls, server: Server, centre: BookedCentre, letters: int) -> "Writers":
        """Bind as many pairs as letters may be written."""
        secrets: dict[str, str] = {}
        receiver = Receiver(secrets)
        await receiver.start()
        wanted = {
            "name": "shop",
            "mode": "axb",
            "sms_url": f"{receiver.url}/m",
            "may_message": True,
        }
        app = await server.manage("POST", "/applications", wanted)
        secrets[app["app_key"]] = app["app_secret"]
        limits = {"pairs_per_number": letters}
        await server.manage("PATCH", f"/applications/{app['app_key']}", limits)
        numbers = {"app_key": app["app_key"], "numbers": [{"number": X, "area_code": "0755"}]}
        await server.manage("POST", "/numbers", numbers)
        host, port = centre.address
        link = {"name": "lab", "host": host, "port": port, "system_id": "maskline"}
        await server.manage("POST", "/sms-links", link)
        pairs = iter(range(letters))

        async def bind(rest: RestClient) -> None:
            for number in pairs:
                a, b = people(number)
                await rest.bind(callerNum=a, calleeNum=b, relationNum=X, duration=86_400)

        async with RestClient(server.url, app["app_key"], app["app_secret"]) as rest:
            await asyncio.gather(*(bind(rest) for _ in range(BINDERS)))
        return cls(server, centre, receiver)

    async def keep_writing(self, chance: random.Random, pause_s: float, most: int) -> None:
        """Write, one letter after another, until it is over or all pairs have one."""
        while not self.is_over and (number := next(self._numbers)) < most:
            sender, receiver = people(number)
            parts = chance.choice((SHORT, LONG))
            text = wording(number, parts)
            letter = Letter(sender, receiver, text, parts)
            self.letters.append(letter)
            await self._write(letter)
            letter.is_answered = True
            await asyncio.sleep(chance.uniform(0, pause_s))

    @property
    def answered(self) -> int:
        """Letters that were answered OK."""
        return sum(letter.is_answered for letter in self.letters)

    async def close(self) -> None:
        """Close the receiver."""
        await self._receiver.close()

    async def _write(self, letter: Letter) -> None:
        style = self.centre.behaviour.concatenation
        split = split_text(letter.text, self.centre.dialect, style, next(self._references))
        assert len(split) == letter.parts
        for part in split:
            await self.centre.deliver(delivery(letter.sender, X, part))

    async def check(self, kills: int) -> str:
        """Assert what has to hold once nothing happens any more; what there was to count.

        Every letter reached its receiver, octet by octet; a part did so twice only where the centre
        had not answered it, or the answer died with the process, and the record says so. The
        customer was told of each once, as the records have it.
        """

        async def is_over() -> bool:
            records = await listed(self._server, "/messages")
            told = {push.push_id for push in self._receiver.received}
            return (
                len(records) == len(told) == len(self.letters)
                and all(record["state"] == "done" for record in records)
                and all(record["delivered"] == record["sent"] for record in records)
            )

        await settled(is_over)
        assert self.answered == len(self.letters)
        self._sort_submits()
        repeated = [letter for letter in self.letters if self._check_letter(letter)]
        records = {one["message_id"]: one for one in await listed(self._server, "/messages")}
        marked, unsure = self._check_notices(records, {letter.sender for letter in repeated})
        return (
            f"{kills} kills: {len(self.letters)} messages in"
            f" {sum(letter.parts for letter in self.letters)} parts,"
            f" {len(self.centre.submits)} submits, {len(repeated)} messages with a repeat,"
            f" {marked} marked, {unsure} unsure, {self._receiver.total} pushes"
        )

    def _sort_submits(self) -> None:
        by_receiver = {letter.receiver.lstrip("+"): letter for letter in self.letters}
        for submit in self.centre.submits:
            message = submit.message
            assert message.source.number.lstrip("+") == X.lstrip("+")
            by_receiver[message.destination.number.lstrip("+")].submits.append(submit)

    def _check_letter(self, letter: Letter) -> bool:
        """Whether parts of it came twice."""
        came: dict[int, list[Submit]] = defaultdict(list)
        references: set[tuple[int, int]] = set()
        for submit in letter.submits:
            segment = read_segment(submit.message)
            came[segment.number].append(submit)
            references.add((segment.reference, segment.total))
        assert sorted(came) == list(range(1, letter.parts + 1)), f"lost: {letter}"
        assert len(references) == 1, letter
        octets = b"".join(read_segment(came[n][0].message).body for n in sorted(came))
        assert octets == letter.text.encode("utf-16-be"), letter
        for submits in came.values():
            assert len(submits) <= 2, letter
            assert len({submit.message.body for submit in submits}) == 1, letter
            if len(submits) > 1:
                assert self._died(submits[0]), "repeated although it was answered"
        return any(len(submits) > 1 for submits in came.values())

    def _died(self, submit: Submit) -> bool:
        """Whether its answer may have died with the process."""
        if self.centre.stands(submit.connection):
            return False
        answers = self.centre.answers[submit.connection]
        return submit.answer is None or answers - submit.answer < IN_MIND

    def _is_unsure(self, letter: Letter) -> bool:
        """Whether the last try of a part died with the process: it may be told as failed."""
        last = {read_segment(submit.message).number: submit for submit in letter.submits}
        return any(self._died(submit) for submit in last.values())

    def _check_notices(self, records: dict[str, Any], repeated: set[str]) -> tuple[int, int]:
        """How many records are marked as repeats, and how many say too little, as nobody knows."""
        told: dict[str, list[Any]] = defaultdict(list)
        for push_id, push in {push.push_id: push for push in self._receiver.received}.items():
            assert push_id is not None
            event = push.json()["smsEvent"]
            told[event["calling"]].append(event)
        marked = unsure = 0
        assert len(records) == len(self.letters)
        for letter in self.letters:
            (event,) = told[letter.sender]
            record = records.pop(event["smsIdentifier"])
            sent = letter.parts
            if event["sendResult"] and self._is_unsure(letter):
                sent = record["sent"]
                unsure += 1
                assert sent < letter.parts, record
            else:
                assert (event["sendResult"], event["called"]) == (0, letter.receiver), event
            paras = {entry["key"]: entry["value"] for entry in event["extInfo"]["extParas"]}
            assert paras["splitNum"] == str(sent), event
            state = [record[name] for name in ("result_code", "sent", "total", "delivered")]
            assert state == [event["sendResult"], sent, letter.parts, sent], record
            assert record["is_repeated"] or letter.sender not in repeated, record
            marked += record["is_repeated"]
        assert not records
        return marked, unsure


def people(number: int) -> tuple[str, str]:
    """Sender and receiver of a letter: A to B, and B to A, in turn."""
    a, b = f"+8613811{number:06}", f"+8613911{number:06}"
    return (a, b) if number % 2 else (b, a)


def wording(number: int, parts: int) -> str:
    """A text that goes in one part, or three, that no other letter has."""
    word = f"{number} {WORDS[number % len(WORDS)]}"
    return word if parts == SHORT else (word + "。请在门口等候😀，谢谢！") * 5
