from types import SimpleNamespace

import pytest

from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked
from maskline.manage.sound_peaks import PeaksEndpoints, PeaksQuery
from maskline.protocols.recording.wave import wav_head
from maskline.services.sound_peaks import reader_of

WAV = wav_head(8_000, 2, 8_000) + b"\xd5\x2a" * 8_000


class Archive:
    """One recording of a second, of which A says nothing."""

    def __init__(self) -> None:
        self.opened = 0

    async def kept(self, object_name: str) -> SimpleNamespace:
        if object_name != "one.wav":
            raise UnknownRecord
        return SimpleNamespace(app_key="k")

    async def open(self, app_key: str, object_name: str) -> SimpleNamespace:
        assert (app_key, object_name) == ("k", "one.wav")
        self.opened += 1
        return SimpleNamespace(read=reader_of(WAV), size=len(WAV))


async def test_a_recording_of_two_channels_is_drawn_by_both_sides():
    endpoints = PeaksEndpoints(None, Archive())
    asked = Asked(path={"object_name": "one.wav"}, query=PeaksQuery(points=4), body=None)
    peaks = await endpoints.show_recording_peaks(asked)
    assert peaks.duration_s == 1.0
    first, second = peaks.channels
    assert len(first) == len(second) == 4
    assert max(first) < 0.001
    assert min(second) > 0.9
    other = Asked(path={"object_name": "none.wav"}, query=PeaksQuery(), body=None)
    with pytest.raises(UnknownRecord):
        await endpoints.show_recording_peaks(other)


def test_where_there_are_no_recordings_only_prompts_are_drawn():
    assert len(PeaksEndpoints(None, None).endpoints()) == 1
