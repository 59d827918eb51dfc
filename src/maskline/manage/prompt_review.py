"""Endpoints around prompts: the queue of reviews, urging one, and who uses a prompt."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.binding import Binding
from maskline.domain.prompt import Prompt, PromptState
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.prompt import PATH, PromptView, SoundView, view_prompt
from maskline.manage.query import ListQuery
from maskline.manage.view import Items
from maskline.services.clock import Clock
from maskline.services.list_filter import PromptFilter
from maskline.services.prompt_desk import PromptDesk, uses_of
from maskline.services.store import BindingFilter, Page, Store

MAX_BINDINGS_READ = 2_000
"""Bindings, the oldest, in which a prompt is looked for: what they name is sealed."""


class ReviewView(Struct, frozen=True, kw_only=True):
    """Something that waits for a reviewer, since when, and when its owner last urged."""

    kind: str = "prompt"
    tenant_id: str
    tenant_name: str
    app_key: str
    app_name: str
    name: str
    description: str
    sound: SoundView
    replaces: bool
    waiting_since: datetime
    urged_at: datetime | None


class PromptUsesView(Struct, frozen=True, kw_only=True):
    """For what an application plays a prompt, and how many live bindings name it.

    With `is_bounded` the application has more bindings than were looked at.
    """

    slots: tuple[str, ...]
    bindings: int
    is_bounded: bool


class PromptReviewEndpoints:
    """What reviewers read, and owners ask."""

    def __init__(self, store: Store, desk: PromptDesk, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/reviews",
                summary="What waits for a review, of all tenants, by application and name",
                run=self.list_reviews,
                right=Right.PROMPT_REVIEW,
                query=ListQuery,
                answer=Items[ReviewView],
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/urge",
                summary="Ask for the review of a prompt, once an hour",
                run=self.urge_prompt,
                right=Right.PROMPT_WRITE,
                answer=PromptView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/uses",
                summary="For what a prompt is played, and how many bindings name it",
                run=self.show_prompt_uses,
                right=Right.PROMPT_READ,
                answer=PromptUsesView,
                refusals=(404,),
            ),
        )

    async def list_reviews(self, asked: Asked) -> Items[ReviewView]:
        """What waits for a review."""
        query: ListQuery = asked.query
        wanted = PromptFilter(state=PromptState.WAITING)
        found = await self._store.prompts(wanted, query.page)
        return Items(
            items=tuple([await self._review(prompt) for prompt in found.rows]),
            next=None if found.next is None else found.next.text,
        )

    async def urge_prompt(self, asked: Asked) -> PromptView:
        """Ask for the review."""
        return view_prompt(await self._desk.urge(asked.path["app_key"], asked.path["name"]))

    async def show_prompt_uses(self, asked: Asked) -> PromptUsesView:
        """Who uses a prompt."""
        app_key, name = asked.path["app_key"], asked.path["name"]
        await self._desk.find(app_key, name)
        application = await self._store.application(app_key)
        wanted, page = BindingFilter(app_key=app_key), Page(limit=MAX_BINDINGS_READ)
        found = await self._store.bindings(wanted, self._clock.now(), page)
        naming = [row for row in found.rows if name in _prompts_of(row)]
        return PromptUsesView(
            slots=() if application is None else uses_of(application.prompts, name),
            bindings=len(naming),
            is_bounded=found.next is not None,
        )

    async def _review(self, prompt: Prompt) -> ReviewView:
        application = await self._store.application(prompt.app_key)
        tenant_id = "" if application is None else application.tenant_id
        tenant = await self._store.tenant(tenant_id)
        shown = view_prompt(prompt)
        sound = shown.submitted or SoundView(digest="", size=0, duration_ms=0)
        return ReviewView(
            tenant_id=tenant_id,
            tenant_name="" if tenant is None else tenant.name,
            app_key=prompt.app_key,
            app_name="" if application is None else application.name,
            name=prompt.name,
            description=prompt.description,
            sound=sound,
            replaces=prompt.approved is not None,
            waiting_since=prompt.modified_at,
            urged_at=prompt.urged_at,
        )


def _prompts_of(binding: Binding) -> set[str | None]:
    voice = binding.voice
    return {
        voice.record_hint_tone,
        voice.last_minute_voice,
        voice.a_waiting_tone,
        voice.b_waiting_tone,
        getattr(binding, "callback_tone", None),
    }
