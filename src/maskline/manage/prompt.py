"""Endpoints of prompts: upload, listen, approve, reject, remove."""

import asyncio
from datetime import datetime
from typing import Literal

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import UnknownRecord
from maskline.domain.prompt import Prompt, PromptAudio, PromptState
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, view_items
from maskline.services.list_filter import PromptFilter
from maskline.services.prompt_desk import PromptDesk
from maskline.services.prompt_shelf import SHIPPED_FOLDER, shipped_prompts
from maskline.services.store import PromptStore

PATH = "/applications/{app_key}/prompts/{name}"


class PromptQuery(ListQuery, frozen=True, kw_only=True):
    """Prompts, of one application or all, in one state or all."""

    app_key: str | None = None
    state: PromptState | None = None


class UploadQuery(Struct, frozen=True, kw_only=True):
    """What is said of an uploaded file; without a description the old one stays."""

    description: str | None = None


class SoundQuery(Struct, frozen=True, kw_only=True):
    """Which sound: what was submitted last, or what calls play."""

    version: Literal["latest", "approved"] = "latest"


class Approval(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was reviewed: with `digest`, another sound is not approved by accident."""

    digest: str | None = None


class Rejection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a sound may not be heard; `digest` as in an approval."""

    reason: str
    digest: str | None = None


class SoundView(Struct, frozen=True, kw_only=True):
    """A converted sound: SHA-256 and size of its WAV file, and its length."""

    digest: str
    size: int
    duration_ms: int


class PromptView(Struct, frozen=True, kw_only=True):
    """A prompt. Calls play `approved`; `submitted` waits for its review or was rejected."""

    app_key: str
    name: str
    description: str
    state: PromptState
    rejection: str | None
    approved: SoundView | None
    submitted: SoundView | None
    created_at: datetime
    modified_at: datetime
    urged_at: datetime | None


class ShippedPromptView(Struct, frozen=True, kw_only=True):
    """A prompt that comes with the platform: every application may name it."""

    name: str
    size: int
    duration_ms: int


class ShippedPromptsView(Struct, frozen=True, kw_only=True):
    """All of them."""

    items: tuple[ShippedPromptView, ...]


class PromptEndpoints:
    """What operators do with prompts."""

    def __init__(self, store: PromptStore, desk: PromptDesk) -> None:
        self._store = store
        self._desk = desk
        self._shipped = shipped_prompts(SHIPPED_FOLDER)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._reading(), *self._changing(), *self._of_platform())

    def _of_platform(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/shipped-prompts",
                summary="Prompts that come with the platform, for every application",
                run=self.list_shipped_prompts,
                right=Right.PROMPT_READ,
                answer=ShippedPromptsView,
            ),
            Endpoint(
                method="GET",
                path="/shipped-prompts/{name}/sound",
                summary="The WAV file of one of them",
                run=self.download_shipped_prompt,
                right=Right.PROMPT_READ,
                answer=FileAnswer,
                answer_media_type="audio/wav",
                refusals=(404,),
            ),
        )

    def _reading(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/prompts",
                summary="Prompts by application and name",
                run=self.list_prompts,
                right=Right.PROMPT_READ,
                query=PromptQuery,
                answer=Items[PromptView],
            ),
            Endpoint(
                method="GET",
                path=PATH,
                summary="One prompt",
                run=self.show_prompt,
                right=Right.PROMPT_READ,
                answer=PromptView,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/sound",
                summary="The WAV file of a prompt, as calls play it",
                run=self.download_prompt,
                right=Right.PROMPT_READ,
                query=SoundQuery,
                answer=FileAnswer,
                answer_media_type="audio/wav",
                refusals=(404,),
            ),
        )

    def _changing(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="PUT",
                path=PATH,
                summary="Submit a WAV, MP3, FLAC or OGG file as a new prompt or a replacement",
                run=self.submit_prompt,
                right=Right.PROMPT_WRITE,
                query=UploadQuery,
                max_file_bytes=self._desk.max_upload_bytes,
                answer=PromptView,
                refusals=(404, 409, 413),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/approve",
                summary="Let calls play what was submitted",
                run=self.approve_prompt,
                right=Right.PROMPT_REVIEW,
                body=Approval,
                answer=PromptView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/reject",
                summary="Refuse what was submitted; what was approved before stays in use",
                run=self.reject_prompt,
                right=Right.PROMPT_REVIEW,
                body=Rejection,
                answer=PromptView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path=PATH,
                summary="Forget a prompt; calls of bindings that name it end with 7507",
                run=self.remove_prompt,
                right=Right.PROMPT_WRITE,
                status=204,
                refusals=(404, 409),
            ),
        )

    async def list_prompts(self, asked: Asked) -> Items[PromptView]:
        """Prompts by application and name."""
        query: PromptQuery = asked.query
        wanted = PromptFilter(app_key=query.app_key, app_keys=asked.app_keys, state=query.state)
        found = await self._store.prompts(wanted, query.page)
        return view_items(found, view_prompt)

    async def show_prompt(self, asked: Asked) -> PromptView:
        """One prompt."""
        return view_prompt(await self._desk.find(asked.path["app_key"], asked.path["name"]))

    async def download_prompt(self, asked: Asked) -> FileAnswer:
        """The sound of a prompt."""
        query: SoundQuery = asked.query
        wav = await self._desk.sound(
            asked.path["app_key"], asked.path["name"], is_approved=query.version == "approved"
        )
        return FileAnswer(wav)

    async def list_shipped_prompts(self, _: Asked) -> ShippedPromptsView:
        """What comes with the platform."""
        return ShippedPromptsView(
            items=tuple(
                ShippedPromptView(
                    name=name, size=file.path.stat().st_size, duration_ms=file.duration_ms
                )
                for name, file in self._shipped.items()
            )
        )

    async def download_shipped_prompt(self, asked: Asked) -> FileAnswer:
        """The sound of a prompt of the platform."""
        file = self._shipped.get(asked.path["name"])
        if file is None:
            raise UnknownRecord("no such prompt comes with the platform")
        return FileAnswer(await asyncio.to_thread(file.path.read_bytes))

    async def submit_prompt(self, asked: Asked) -> PromptView:
        """Submit a file."""
        query: UploadQuery = asked.query
        prompt = await self._desk.submit(
            asked.path["app_key"], asked.path["name"], asked.body, query.description
        )
        return view_prompt(prompt)

    async def approve_prompt(self, asked: Asked) -> PromptView:
        """Approve what was submitted."""
        approval: Approval = asked.body
        path = asked.path
        return view_prompt(await self._desk.approve(path["app_key"], path["name"], approval.digest))

    async def reject_prompt(self, asked: Asked) -> PromptView:
        """Reject what was submitted."""
        rejection: Rejection = asked.body
        path = asked.path
        return view_prompt(
            await self._desk.reject(
                path["app_key"], path["name"], rejection.reason, rejection.digest
            )
        )

    async def remove_prompt(self, asked: Asked) -> None:
        """Forget a prompt."""
        await self._desk.remove(asked.path["app_key"], asked.path["name"])


def view_prompt(prompt: Prompt) -> PromptView:
    """A prompt as it is shown."""
    return PromptView(
        app_key=prompt.app_key,
        name=prompt.name,
        description=prompt.description,
        state=prompt.state,
        rejection=prompt.rejection,
        approved=_view_sound(prompt.approved),
        submitted=_view_sound(prompt.submitted),
        created_at=prompt.created_at,
        modified_at=prompt.modified_at,
        urged_at=prompt.urged_at,
    )


def _view_sound(audio: PromptAudio | None) -> SoundView | None:
    if audio is None:
        return None
    return SoundView(digest=audio.digest, size=audio.size, duration_ms=audio.duration_ms)
