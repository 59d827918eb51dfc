"""What players draw: the peaks of recordings and prompts."""

from hashlib import sha256
from typing import Annotated, Literal

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.manage.endpoint import Asked, Endpoint
from maskline.services.prompt_desk import PromptDesk
from maskline.services.recording_archive import RecordingArchive
from maskline.services.sound_peaks import KeptPeaks, Peaks, reader_of

MAX_POINTS = 2_000


class PeaksQuery(Struct, frozen=True, kw_only=True):
    """In how many stretches the sound is divided."""

    points: Annotated[int, Meta(ge=1, le=MAX_POINTS)] = 800


class PromptPeaksQuery(PeaksQuery, frozen=True, kw_only=True):
    """Which sound of the prompt: what was submitted last, or what calls play."""

    version: Literal["latest", "approved"] = "latest"


class PeaksView(Struct, frozen=True, kw_only=True):
    """The loudest sample of each stretch, 0 to 1, one sequence a channel.

    Of two channels the first is A's side.
    """

    duration_s: float
    channels: tuple[tuple[float, ...], ...]


class PeaksEndpoints:
    """Peaks, computed once and kept. Without recordings here, of prompts only."""

    def __init__(self, prompts: PromptDesk, recordings: RecordingArchive | None) -> None:
        self._prompts = prompts
        self._recordings = recordings
        self._kept = KeptPeaks()

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        of_prompts = Endpoint(
            method="GET",
            path="/applications/{app_key}/prompts/{name}/peaks",
            summary="How loud a prompt is along its length",
            run=self.show_prompt_peaks,
            right=Right.PROMPT_READ,
            query=PromptPeaksQuery,
            answer=PeaksView,
            refusals=(404,),
        )
        if self._recordings is None:
            return (of_prompts,)
        of_recordings = Endpoint(
            method="GET",
            path="/recordings/{object_name}/peaks",
            summary="How loud a recording is along its length",
            run=self.show_recording_peaks,
            right=Right.RECORDING_LISTEN,
            or_right=Right.RECORDING_DOWNLOAD,
            query=PeaksQuery,
            answer=PeaksView,
            refusals=(404, 409),
        )
        return (of_prompts, of_recordings)

    async def show_prompt_peaks(self, asked: Asked) -> PeaksView:
        """Of a prompt."""
        query: PromptPeaksQuery = asked.query
        path, is_approved = asked.path, query.version == "approved"
        wav = await self._prompts.sound(path["app_key"], path["name"], is_approved=is_approved)
        name = sha256(wav).hexdigest()
        return _view(await self._kept.of(name, query.points, reader_of(wav), len(wav)))

    async def show_recording_peaks(self, asked: Asked) -> PeaksView:
        """Of a recording."""
        query: PeaksQuery = asked.query
        archive, name = self._recordings, asked.path["object_name"]
        if archive is None:
            raise LookupError(name)  # this endpoint stands only where there is one
        recording = await archive.kept(name)
        opened = await archive.open(recording.app_key, name)
        return _view(await self._kept.of(name, query.points, opened.read, opened.size))


def _view(peaks: Peaks) -> PeaksView:
    return PeaksView(duration_s=peaks.duration_s, channels=peaks.channels)
