"""Counts what an HTTP interface answers."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maskline.services.measure import HttpCounters


def counted(app: ASGIApp, interface: str, done: HttpCounters) -> ASGIApp:
    """The application, each of its answers counted by status under the interface's name."""

    async def count(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                done.requests[interface, message["status"]] += 1
            await send(message)

        await app(scope, receive, sending)

    return count
