"""Pushes over NATS JetStream, to a subject of each application and receiver."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from maskline.planes.delivery.client import PushClient
from maskline.planes.delivery.connection import PushFailed
from maskline.services.notification import NATS

if TYPE_CHECKING:
    from nats.aio.client import Client

ACKNOWLEDGED = 200
"""What stands for an acknowledgement where a status is told."""

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class NatsSettings:
    """Where JetStream is.

    Subjects are `PREFIX.APP_KEY.PURPOSE`; a stream that takes them has to be there. `timeout_s` is
    a whole try, with a connection that has to be made first.
    """

    url: str
    subject_prefix: str
    token: str = field(default="", repr=False)
    timeout_s: float = 10.0


class NatsPushClient:
    """`PushClient` on one connection, which is made with the first push and again after it broke.

    Accepted means acknowledged by JetStream. The push id goes along as `Nats-Msg-Id`: a stream
    drops what it has within its duplicate window. Needs the `nats` extra.
    """

    def __init__(self, settings: NatsSettings) -> None:
        self._settings = settings
        self._connection: Client | None = None
        self._connecting = asyncio.Lock()
        self._is_open = False

    async def open(self) -> None:
        """See the seam; a server that is down is found out by the pushes."""
        self._is_open = True

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """See the seam. Raises PushFailed."""
        from nats.errors import Error  # noqa: PLC0415 - an optional extra
        from nats.js import JetStreamContext  # noqa: PLC0415 - an optional extra
        from nats.js.errors import NoStreamResponseError  # noqa: PLC0415 - an optional extra

        settings = self._settings
        subject = f"{settings.subject_prefix}.{url.removeprefix(NATS)}"
        named = {**headers, "Nats-Msg-Id": headers["webhook-id"]}
        try:
            async with asyncio.timeout(settings.timeout_s):
                stream = JetStreamContext(await self._connected())
                await stream.publish(subject, body, timeout=settings.timeout_s, headers=named)
        except TimeoutError as error:
            text = f"no acknowledgement within {settings.timeout_s:g} s"
            raise PushFailed(text, "timeout") from error
        except NoStreamResponseError as error:
            raise PushFailed("no JetStream stream takes the subject") from error
        except (Error, OSError) as error:
            raise PushFailed("NATS did not take it") from error
        except (ValueError, TypeError, KeyError) as error:
            raise PushFailed("what took it is no JetStream", "broken") from error
        return ACKNOWLEDGED

    async def close(self) -> None:
        """See the seam."""
        self._is_open = False
        async with self._connecting:
            connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _connected(self) -> "Client":
        """The connection, made where there is none. Raises PushFailed and what NATS raises."""
        async with self._connecting:
            if not self._is_open:
                raise PushFailed("the client is closed")
            if self._connection is None or not self._connection.is_connected:
                self._connection = await self._connect()
            return self._connection

    async def _connect(self) -> "Client":
        from nats.aio.client import Client  # noqa: PLC0415 - an optional extra

        connection = Client()
        try:
            await connection.connect(
                self._settings.url,
                name="maskline",
                token=self._settings.token or None,
                error_cb=_note,
                # The next push connects: what is told to a broken connection must fail.
                allow_reconnect=False,
            )
        except BaseException:
            await connection.close()  # it keeps its socket when it fails half-way
            raise
        return connection


class RoutedClient:
    """`PushClient` that sends a push to the client of its address."""

    def __init__(self, http: PushClient, nats: PushClient) -> None:
        self._http = http
        self._nats = nats

    async def open(self) -> None:
        """See the seam."""
        await self._http.open()
        await self._nats.open()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """See the seam."""
        client = self._nats if url.startswith(NATS) else self._http
        return await client.post(url, headers, body)

    async def close(self) -> None:
        """See the seam."""
        await self._nats.close()
        await self._http.close()


async def _note(error: Exception) -> None:
    log.warning("nats connection in trouble", error=str(error) or type(error).__name__)
