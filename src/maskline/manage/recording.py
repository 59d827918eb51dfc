"""Endpoints of recordings: what there is, links to it, deletion."""

from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.recording import Recording, RecordingState
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.manage.query import ListQuery, read_moment
from maskline.manage.view import Items, view_items
from maskline.services.list_filter import RecordingFilter
from maskline.services.recording_archive import RecordingArchive


class RecordingQuery(ListQuery, frozen=True, kw_only=True):
    """Recordings, newest first. `since` and `until` bound the start of the recording."""

    app_key: str | None = None
    session_id: str | None = None
    state: RecordingState | None = None
    since: datetime | None = None
    until: datetime | None = None


class RecordingView(Struct, frozen=True, kw_only=True):
    """A recording. `duration_s` and `size`, of the WAV file, are 0 while it is written."""

    object_name: str
    bucket: str
    domain: str
    app_key: str
    tenant_id: str
    session_id: str
    state: RecordingState
    started_at: datetime
    duration_s: float
    size: int
    expires_at: datetime


class LinkQuery(Struct, frozen=True, kw_only=True):
    """What the link is for; who may only listen has to say so."""

    use: Literal["download", "listen"] = "download"


class RecordingLinkView(Struct, frozen=True, kw_only=True):
    """A download link: who has it needs no token. `path` is its part on this server."""

    object_name: str
    url: str
    path: str
    expires_at: datetime


class RecordingEndpoints:
    """What operators do with recordings."""

    def __init__(self, archive: RecordingArchive) -> None:
        self._archive = archive

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/recordings",
                summary="Recordings, newest first",
                run=self.list_recordings,
                right=Right.RECORDING_READ,
                query=RecordingQuery,
                answer=Items[RecordingView],
            ),
            Endpoint(
                method="GET",
                path="/recordings/{object_name}",
                summary="One recording",
                run=self.show_recording,
                right=Right.RECORDING_READ,
                answer=RecordingView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path="/recordings/{object_name}/link",
                summary="A new download link of a recording",
                run=self.link_recording,
                query=LinkQuery,
                right=Right.RECORDING_DOWNLOAD,
                or_right=Right.RECORDING_LISTEN,
                answer=RecordingLinkView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path="/recordings/{object_name}",
                summary="Delete a recording for good",
                run=self.delete_recording,
                right=Right.RECORDING_DELETE,
                status=204,
                refusals=(404, 409),
            ),
        )

    async def list_recordings(self, asked: Asked) -> Items[RecordingView]:
        """Recordings, newest first."""
        query: RecordingQuery = asked.query
        wanted = RecordingFilter(
            app_keys=asked.app_keys,
            app_key=query.app_key,
            session_id=query.session_id,
            state=query.state,
            since=read_moment("since", query.since),
            until=read_moment("until", query.until),
        )
        found = await self._archive.recordings(wanted, query.page)
        return view_items(found, _view)

    async def show_recording(self, asked: Asked) -> RecordingView:
        """One recording."""
        return _view(await self._archive.recording(asked.path["object_name"]))

    async def link_recording(self, asked: Asked) -> RecordingLinkView:
        """A new link."""
        query: LinkQuery = asked.query
        if query.use == "download" and not asked.caller.may(Right.RECORDING_DOWNLOAD):
            raise Problem(
                status=403,
                code="not_allowed",
                message="you may listen to recordings, and not download them",
                field="use",
                hint="ask with use=listen",
            )
        recording = await self._archive.kept(asked.path["object_name"])
        url = self._archive.link(recording)
        return RecordingLinkView(
            object_name=recording.object_name,
            url=url,
            path=urlsplit(url).path,
            expires_at=self._archive.link_expiry(recording),
        )

    async def delete_recording(self, asked: Asked) -> None:
        """Delete one, its audio first."""
        await self._archive.remove(asked.path["object_name"])


def _view(recording: Recording) -> RecordingView:
    return RecordingView(
        **{field: getattr(recording, field) for field in RecordingView.__struct_fields__}
    )
