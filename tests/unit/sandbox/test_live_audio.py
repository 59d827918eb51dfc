"""The stereo stream of a run: silence, order, and readers who do not keep up."""

from array import array
from typing import Any, cast

import pytest

from maskline.domain.error import SandboxRefused
from maskline.protocols.rtp.g711 import Law, encode
from maskline.sandbox import live_audio
from maskline.sandbox.live_audio import (
    CUSHION_SAMPLES,
    FRAME_SAMPLES,
    HEAD,
    MAX_BEHIND_SAMPLES,
    MAX_LISTENERS,
    Ear,
    LiveAudio,
)
from maskline.sandbox.phone import SandboxPhone

SILENCE = encode(Law.A, [0])


class HeardCall:
    def __init__(self) -> None:
        self.heard = array("h")

    def recorded(self) -> "array[int]":
        return self.heard


class Listener:
    """A phone that hears what a test says."""

    def __init__(self) -> None:
        self.call: HeardCall | None = None

    def hear(self, *samples: int) -> None:
        self.call = self.call or HeardCall()
        self.call.heard.extend(samples)

    def as_phone(self) -> SandboxPhone:
        return cast("Any", self)


def test_without_a_call_there_is_silence():
    assert set(Ear(Listener().as_phone()).frame()) == {0}


def test_what_is_heard_is_played_once_a_cushion_is_there_and_in_order():
    phone = Listener()
    ear = Ear(phone.as_phone())
    phone.hear(*range(CUSHION_SAMPLES - 1))
    assert set(ear.frame()) == {0}
    phone.hear(CUSHION_SAMPLES - 1)
    assert list(ear.frame()) == list(range(FRAME_SAMPLES))
    assert list(ear.frame()) == list(range(FRAME_SAMPLES, 2 * FRAME_SAMPLES))
    assert set(ear.frame()) == {0}


def test_who_is_far_behind_is_taken_forward_to_now():
    phone = Listener()
    phone.hear(*[7] * MAX_BEHIND_SAMPLES, *[9] * CUSHION_SAMPLES)
    assert set(Ear(phone.as_phone()).frame()) == {9}


def test_a_new_call_is_heard_from_its_beginning():
    phone = Listener()
    ear = Ear(phone.as_phone())
    phone.hear(*[5] * CUSHION_SAMPLES)
    assert set(ear.frame()) == {5}
    phone.call = None
    phone.hear(*[6] * CUSHION_SAMPLES)
    assert set(ear.frame()) == {6}


async def test_a_is_left_and_b_is_right():
    left, right = Listener(), Listener()
    left.hear(*[8_000] * CUSHION_SAMPLES)
    stream = LiveAudio(left.as_phone(), right.as_phone()).listen()
    assert await anext(stream) == HEAD
    frame = await anext(stream)
    assert frame[0::2] == encode(Law.A, [8_000]) * FRAME_SAMPLES
    assert frame[1::2] == SILENCE * FRAME_SAMPLES
    await stream.aclose()


async def test_a_reader_who_stalls_is_dropped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live_audio, "MAX_STALLED_S", -1.0)
    stream = LiveAudio(Listener().as_phone(), Listener().as_phone()).listen()
    assert [piece async for piece in stream] == [HEAD]


async def test_the_end_of_a_run_ends_its_streams():
    audio = LiveAudio(Listener().as_phone(), Listener().as_phone())
    stream = audio.listen()
    await anext(stream)
    audio.close()
    assert [piece async for piece in stream] == []


async def test_only_so_many_may_listen():
    audio = LiveAudio(Listener().as_phone(), Listener().as_phone())
    streams = [audio.listen() for _ in range(MAX_LISTENERS)]
    for stream in streams:
        await anext(stream)
    with pytest.raises(SandboxRefused):
        audio.listen()
    for stream in streams:
        await stream.aclose()
    await audio.listen().aclose()
