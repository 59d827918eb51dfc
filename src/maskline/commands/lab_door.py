"""The lab's message centre as the command line reaches it (`maskline.lab.message_door`)."""

import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from maskline.commands.failure import CommandFailed, Unreachable

TIMEOUT_S = 60.0
MAX_ANSWER_BYTES = 64_000_000


class LabDoor:
    """Writes and lists messages of handsets. Raises CommandFailed and Unreachable."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme != "http":
            raise CommandFailed(
                f"{url} is no address of a message centre", hint="`maskline lab centre` prints its"
            )
        self._url = url
        # On this machine: a proxy has no business here.
        self._opener = build_opener(ProxyHandler({}))

    def write(self, sender: str, to: str, text: str) -> dict[str, Any]:
        """Have a handset write; both numbers in global form, and in how many parts it went."""
        return cast(
            "dict[str, Any]", self._ask(self._url, {"from": sender, "to": to, "text": text})
        )

    def received(self, number: str | None = None) -> list[dict[str, Any]]:
        """What handsets have been sent, oldest first."""
        query = "" if number is None else f"?number={quote(number)}"
        return cast("list[dict[str, Any]]", self._ask(self._url + query, None))

    def _ask(self, url: str, body: Mapping[str, str] | None) -> object:
        data = None if body is None else json.dumps(body).encode()
        request = Request(url, data)  # noqa: S310 - the scheme was checked
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return json.loads(answer.read(MAX_ANSWER_BYTES))
        except HTTPError as error:
            with error:
                raise CommandFailed(_reason(error), code="not_taken") from error
        except (URLError, OSError, ValueError) as error:
            raise Unreachable(
                f"the message centre does not answer at {self._url}",
                hint="is what runs it, `make run` or `maskline lab centre`, still there?",
            ) from error


def _reason(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read(MAX_ANSWER_BYTES))["message"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"the message centre answered {error.code}"
