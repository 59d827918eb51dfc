"""A NATS server as JetStream's publishers see it: the text protocol and acknowledgements."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Published:
    """One message as it arrived."""

    subject: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["Nats-Msg-Id"]


Manners = Callable[[Published], dict[str, Any] | None]


@dataclass
class FakeNats:
    """Keeps each message id once, as a stream does within its duplicate window.

    `manners` answers in place of the stream; None says nothing. `stream` None has no stream, so
    that nobody responds.
    """

    stream: str | None = "PUSHES"
    manners: Manners | None = None
    token: str = ""
    kept: dict[str, Published] = field(default_factory=dict)
    received: list[Published] = field(default_factory=list)
    connections: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        info = {"server_id": "fake", "version": "2.10.0", "proto": 1, "headers": True}
        info |= {"max_payload": 1_048_576, "host": "127.0.0.1", "port": self.port}
        info["auth_required"] = bool(self.token)
        writer.write(b"INFO %b\r\n" % json.dumps(info).encode())
        inbox = b"0"
        try:
            while line := await reader.readline():
                verb, _, rest = line.strip().partition(b" ")
                match verb.upper():
                    case b"CONNECT":
                        self.connections.append(json.loads(rest))
                        if self.token not in {"", self.connections[-1].get("auth_token")}:
                            writer.write(b"-ERR 'Authorization Violation'\r\n")
                            break
                    case b"PING":
                        writer.write(b"PONG\r\n")
                    case b"SUB":
                        inbox = rest.split()[-1]
                    case b"HPUB":
                        subject, reply, head, total = rest.split()
                        content = await reader.readexactly(int(total) + 2)
                        self._take(writer, subject, reply, inbox, content, int(head))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _take(
        self,
        writer: asyncio.StreamWriter,
        subject: bytes,
        reply: bytes,
        inbox: bytes,
        content: bytes,
        head: int,
    ) -> None:
        lines = content[:head].decode().split("\r\n")
        assert lines[0] == "NATS/1.0"
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        published = Published(subject.decode(), headers, content[head:-2])
        self.received.append(published)
        if self.stream is None:
            status = b"NATS/1.0 503\r\n\r\n"
            writer.write(
                b"HMSG %b %b %d %d\r\n%b\r\n" % (reply, inbox, len(status), len(status), status)
            )
            return
        answer = self.manners(published) if self.manners else self._keep(published)
        if answer is not None:
            told = json.dumps(answer).encode()
            writer.write(b"MSG %b %b %d\r\n%b\r\n" % (reply, inbox, len(told), told))

    def _keep(self, published: Published) -> dict[str, Any]:
        is_known = published.message_id in self.kept
        self.kept.setdefault(published.message_id, published)
        answer: dict[str, Any] = {"stream": self.stream, "seq": len(self.kept)}
        return answer | ({"duplicate": True} if is_known else {})
