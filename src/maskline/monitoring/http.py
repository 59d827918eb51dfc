"""Counts what an HTTP interface answers."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maskline.services.measure import HttpCounters


def counted(app: ASGIApp, interface: str, done: HttpCounters) -> ASGIApp:
    """The application, each of its answers counted by status under the interface's name.

    Nothing here waits for itself: a coroutine around each message would cost more than the count.
    """

    def count(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        def sending(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                done.requests[interface, message["status"]] += 1
            return send(message)

        return app(scope, receive, sending)

    return count
