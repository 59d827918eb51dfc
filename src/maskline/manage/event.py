"""The endpoint of events: what goes on, sent as it changes."""

from msgspec import Struct

from maskline.domain.access import Right
from maskline.manage.endpoint import Asked, Endpoint, StreamAnswer
from maskline.services.event_hub import EventHub


class EventQuery(Struct, frozen=True, kw_only=True):
    """`topics`: names with commas between them; some take what they are about behind a colon."""

    topics: str


class EventEndpoints:
    """Server-sent events (WHATWG HTML 9.2)."""

    def __init__(self, hub: EventHub) -> None:
        self._hub = hub

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one. Each topic needs a right of its own as well."""
        return (
            Endpoint(
                method="GET",
                path="/events",
                summary="What goes on, as server-sent events: how it stands, then each change",
                run=self.stream_events,
                query=EventQuery,
                answer=StreamAnswer,
                answer_media_type="text/event-stream",
                right=Right.OVERVIEW_READ,
                refusals=(404,),
            ),
        )

    async def stream_events(self, asked: Asked) -> StreamAnswer:
        """A stream of the topics. `Last-Event-ID` is not needed: it begins with how all stands."""
        query: EventQuery = asked.query
        topics = [topic.strip() for topic in query.topics.split(",") if topic.strip()]
        return StreamAnswer(await self._hub.listen(asked.caller, topics))
