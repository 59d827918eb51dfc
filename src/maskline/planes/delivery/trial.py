"""A test push that an operator asks for: made at once, beside the outbox, and told in full."""

from collections.abc import Callable
from datetime import datetime

from maskline.domain.application import Application
from maskline.domain.notice import Purpose
from maskline.planes.delivery.client import PushClient, PushFailed
from maskline.planes.delivery.destination import DestinationRefused
from maskline.planes.delivery.message import PushSigner
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.notice_desk import TrialReport

TrialMessage = Callable[[Purpose, str, datetime], bytes]
"""(purpose, push id, now) to a message that is marked as a test."""


class PushTrial:
    """`maskline.services.notice_desk.Trial` by the rules of every push, each over a new client."""

    def __init__(
        self,
        new_client: Callable[[], PushClient],
        signer: PushSigner,
        message: TrialMessage,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._new_client = new_client
        self._signer = signer
        self._message = message
        self._clock = clock
        self._ids = ids

    async def push(self, application: Application, purpose: Purpose, url: str) -> TrialReport:
        """See the seam."""
        push_id = self._ids.uuid()
        body = self._message(purpose, push_id, self._clock.now())
        headers = self._signer.headers(application, push_id, body)
        status, error = None, None
        client = self._new_client()
        await client.open()
        began = self._clock.monotonic()
        try:
            status = await client.post(url, headers, body)
        except PushFailed as failure:
            status, error = failure.status, str(failure)
        except DestinationRefused as refusal:
            error = str(refusal)
        finally:
            took_s = self._clock.monotonic() - began
            await client.close()
        return TrialReport(
            url=url, headers=headers, body=body, status=status, error=error, took_s=took_s
        )
