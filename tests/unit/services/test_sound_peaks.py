import pytest

from maskline.protocols.recording.wave import wav_head
from maskline.protocols.rtp.g711 import Law, encode
from maskline.services import sound_peaks
from maskline.services.sound_peaks import KeptPeaks, SoundUnreadable, peaks_of, reader_of


def _wav(*channels: list[int]) -> bytes:
    frames = [sample for frame in zip(*channels, strict=True) for sample in frame]
    return wav_head(len(channels[0]), len(channels), 8_000) + encode(Law.A, frames)


async def test_each_channel_has_its_own_peaks():
    wav = _wav([0] * 50 + [16_000] * 50, [-32_768] * 50 + [1_000] * 50)
    peaks = await peaks_of(reader_of(wav), len(wav), 2)
    assert peaks.duration_s == 0.013
    first, second = peaks.channels
    assert first == pytest.approx((0, 0.49), abs=0.01)
    assert second == pytest.approx((0.98, 0.03), abs=0.01)


async def test_a_short_sound_has_as_many_peaks_as_samples_and_an_empty_one_silence():
    assert len((await peaks_of(reader_of(_wav([5, 5])), 60, 800)).channels[0]) == 2
    empty = wav_head(0, 1, 8_000)
    assert (await peaks_of(reader_of(empty), len(empty), 800)).channels == ((0.0,),)


async def test_of_a_long_sound_the_beginning_of_each_stretch_is_looked_at(monkeypatch):
    monkeypatch.setattr(sound_peaks, "WHOLE_BYTES", 100)
    monkeypatch.setattr(sound_peaks, "PIECE_BYTES", 10)
    wav = _wav([16_000] * 10 + [32_000] * 90 + [0] * 100)
    peaks = await peaks_of(reader_of(wav), len(wav), 2)
    assert peaks.channels[0] == pytest.approx((0.49, 0), abs=0.01)


async def test_peaks_are_computed_once_and_nothing_else_is_taken_for_a_sound():
    wav, reads = _wav([100] * 10), []

    async def read(start: int, size: int) -> bytes:
        reads.append(start)
        return wav[start : start + size]

    kept = KeptPeaks()
    first = await kept.of("a", 5, read, len(wav))
    count = len(reads)
    assert await kept.of("a", 5, read, len(wav)) is first
    assert len(reads) == count
    with pytest.raises(SoundUnreadable):
        await peaks_of(reader_of(b"no sound"), 8, 5)
