"""A push that somebody has made again by hand: at once, beside the queue, over a new client."""

from collections.abc import Callable, Sequence

from maskline.domain.application import Application
from maskline.domain.notice import Purpose, QueuedNotice
from maskline.domain.push import Push
from maskline.planes.delivery.client import PushClient, PushFailed
from maskline.planes.delivery.destination import DestinationRefused
from maskline.planes.delivery.message import MessageWriter, Target
from maskline.services.clock import Clock
from maskline.services.notice_desk import TrialReport


class PushAgain:
    """`maskline.services.push_desk.Pusher`; neither opens nor closes a circuit."""

    def __init__(
        self, new_client: Callable[[], PushClient], writer: MessageWriter, clock: Clock
    ) -> None:
        self._new_client = new_client
        self._writer = writer
        self._clock = clock

    async def push(self, application: Application, url: str, pushes: Sequence[Push]) -> TrialReport:
        """See the seam."""
        message = self._writer.write(Target(application, url), [_queued(one) for one in pushes])
        status, error = None, None
        client = self._new_client()
        await client.open()
        began = self._clock.monotonic()
        try:
            status = await client.post(message.url, message.headers, message.body)
        except PushFailed as failure:
            status, error = failure.status, str(failure)
        except DestinationRefused as refusal:
            error = str(refusal)
        finally:
            took_s = self._clock.monotonic() - began
            await client.close()
        return TrialReport(
            url=url,
            headers=message.headers,
            body=message.body,
            status=status,
            error=error,
            took_s=took_s,
        )


def _queued(push: Push) -> QueuedNotice:
    # a record is an entry of a message, also while it has not been pushed yet
    is_batch = push.notice.purpose is Purpose.RECORD
    return QueuedNotice(
        sequence=push.sequence,
        notice=push.notice,
        attempts=push.attempts + 1,
        batch_id=push.push_id if is_batch else None,
    )
