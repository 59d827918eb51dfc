"""Questions to a customer's server: one signed POST whose answer decides.

`spec/x.md` 2 about calls, `spec/common.md` 5 about short messages.
"""

import asyncio
from dataclasses import dataclass

import aiohttp

from maskline.domain.application import Application
from maskline.domain.error import BusyError, CustomerError, FarEndError
from maskline.planes.delivery.connection import PushFailed, open_session, translated
from maskline.planes.delivery.destination import read_destination
from maskline.planes.delivery.message import PushSigner
from maskline.planes.delivery.resolver import ThreadedResolver
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.ids import Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLimits:
    """The bounds of questions.

    timeout_s: the whole exchange, from resolving the name to the last byte of the answer.
    max_in_flight: questions that wait at once.
    max_in_flight_per_application: of these, those of one application, so that a customer whose
        server is slow leaves room for others.
    max_answer_bytes: the longest answer.
    """

    timeout_s: float = 5.0
    max_in_flight: int = 512
    max_in_flight_per_application: int = 256
    max_answer_bytes: int = 65_536


class TooManyQuestions(BusyError):
    """As many questions wait as may."""


class TooManyUnanswered(FarEndError):
    """As many questions wait for one customer's server as may."""


class NoAddress(CustomerError):
    """The application has no address that could be asked."""


class HttpAsker:
    """`maskline.services.question.Asker` over HTTP, to the same destinations as pushes.

    A question goes over a connection of its own. A kept one may turn out to be closed just then,
    and sending once more could ask twice.
    """

    def __init__(
        self, settings: DeliverySettings, limits: AskLimits, signer: PushSigner, ids: Ids
    ) -> None:
        self._settings = settings
        self._limits = limits
        self._signer = signer
        self._ids = ids
        self._waiting: dict[str, int] = {}
        self._in_flight = 0
        self._session: aiohttp.ClientSession | None = None
        self._resolver: ThreadedResolver | None = None

    @property
    def in_flight(self) -> int:
        """How many questions wait now."""
        return self._in_flight

    async def open(self) -> None:
        """Get ready; comes before the first question."""
        self._resolver = ThreadedResolver()
        self._session = open_session(self._settings, self._resolver)

    async def close(self) -> None:
        """Drop all connections."""
        session, self._session = self._session, None
        resolver, self._resolver = self._resolver, None
        if session is not None:
            await session.close()
        if resolver is not None:
            await resolver.close()

    async def ask(self, application: Application, url: str | None, question: bytes) -> bytes:
        """See the seam. Raises PushFailed, DestinationRefused besides the errors of this module."""
        app_key = application.app_key
        if not url:
            raise NoAddress("there is no URL to ask at")
        if self._in_flight >= self._limits.max_in_flight:
            raise TooManyQuestions("too many questions wait")
        waiting = self._waiting.get(app_key, 0)
        if waiting >= self._limits.max_in_flight_per_application:
            raise TooManyUnanswered("too many questions wait for this customer")
        self._in_flight += 1
        self._waiting[app_key] = waiting + 1
        try:
            return await self._ask(application, url, question)
        finally:
            self._in_flight -= 1
            self._waiting[app_key] -= 1
            if not self._waiting[app_key]:
                del self._waiting[app_key]

    async def _ask(self, application: Application, url: str, question: bytes) -> bytes:
        if self._session is None:
            raise PushFailed("the client is closed")
        destination = read_destination(url)
        headers = self._signer.headers(application, self._ids.uuid(), question)
        try:
            async with (
                asyncio.timeout(self._limits.timeout_s),
                self._session.post(
                    destination, data=question, headers=headers, allow_redirects=False
                ) as response,
            ):
                if response.status != 200:
                    raise PushFailed(f"HTTP {response.status}")
                return await self._read(response.content)
        except TimeoutError as error:
            raise PushFailed(f"no answer within {self._limits.timeout_s:g} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translated(error) from error

    async def _read(self, content: aiohttp.StreamReader) -> bytes:
        limit = self._limits.max_answer_bytes
        body = bytearray()
        while not content.at_eof():
            body += await content.read(limit + 1 - len(body))
            if len(body) > limit:
                raise PushFailed("the answer is too long")
        return bytes(body)
