import io
import struct

import pytest

from maskline.planes.media.rtpengine.conversion import (
    SILENCE,
    Heard,
    Job,
    hear,
    mix,
    read_lanes,
    without_shared_prompts,
)
from maskline.planes.media.rtpengine.pcap import Captured, NoCapture, read_datagrams
from maskline.protocols.rtp.packet import RtpPacket, build_packet


def job(**changes) -> Job:
    values = {
        "call_key": "k", "pcap": "", "note": "", "path": "", "head": b"", "key": b"",
        "channels": 1, "ports": (10, 20), "laws": {0: False, 8: True}, "began_at": 100.0,
        "limit_s": 60.0,
    }  # fmt: skip
    return Job(**values | changes)


def packet(at, n, port=10, ssrc=1, payload=b"\x01" * 160, kind=8, timestamp=None):
    stamp = (160 * n if timestamp is None else timestamp) & 0xFFFFFFFF
    return Captured(100 + at, port, build_packet(RtpPacket(kind, n, stamp, ssrc, payload, False)))


def test_audio_is_where_it_was_said_and_the_rest_is_silence():
    caller, callee = read_lanes([packet(0.5, 0), packet(0.52, 1)], job(samples=8000))
    assert caller == SILENCE * 4000 + b"\x01" * 320 + SILENCE * 3680
    assert callee == SILENCE * 8000


def test_jitter_loss_order_and_duplicates_do_not_move_it():
    packets = [packet(0, 0), packet(0.07, 3), packet(0.071, 1), packet(0.072, 1)]
    caller, _ = read_lanes(packets, job(samples=960))
    assert caller == b"\x01" * 320 + SILENCE * 160 + b"\x01" * 160 + SILENCE * 320


def test_a_new_source_and_a_jump_of_time_begin_anew_where_they_came():
    packets = [
        packet(0, 0),
        packet(0.1, 1, ssrc=2, timestamp=77),
        packet(1, 2, timestamp=5_000_000),
    ]
    caller, _ = read_lanes(packets, job(samples=8160))
    assert caller[800:960] == b"\x01" * 160
    assert caller[8000:8160] == b"\x01" * 160


def test_timestamps_go_on_after_32_bits():
    packets = [packet(0, 0, timestamp=0xFFFFFFFF - 79), packet(0.02, 1, timestamp=80)]
    caller, _ = read_lanes(packets, job(samples=320))
    assert caller == b"\x01" * 320


def test_what_came_before_or_after_is_cut_and_other_types_are_passed_over():
    packets = [packet(-0.01, 0), packet(0.02, 1, kind=101), packet(0.03, 2, port=99)]
    caller, _ = read_lanes(packets, job(samples=160))
    assert caller == b"\x01" * 80 + SILENCE * 80


def test_without_a_known_end_it_ends_with_the_last_packet():
    caller, callee = read_lanes([packet(0, 0), packet(0.02, 0, port=20)], job())
    assert len(caller) == len(callee) == 320


def test_prompts_and_blocks_replace_what_was_said():
    said = b"\x01" * 8000
    changes = [
        Heard(0.0, 0, voice=True),
        Heard(0.25, 0, voice=False),
        Heard(0.5, 0, voice=False, prompt="p", since_s=0.4),
        Heard(0.75, 0, voice=True),
    ]
    heard = hear(said, changes, {"p": b"\x02" * 500 + b"\x03" * 500})
    assert heard[:2000] == b"\x01" * 2000
    assert heard[2000:4000] == SILENCE * 2000
    assert heard[4000:4200] == b"\x03" * 200
    assert heard[4200:4700] == b"\x02" * 500
    assert heard[6000:] == b"\x01" * 2000


def test_a_prompt_to_both_is_in_a_mix_once():
    one, other = (Heard(0.0, lane, voice=False, prompt="p", since_s=0.0) for lane in (0, 1))
    assert without_shared_prompts([other], [one]) == [Heard(0.0, 1, voice=False)]


def test_beside_silence_a_sound_stays_as_it_is():
    everything = bytes(range(256))
    mixed = mix(everything, SILENCE * 256)
    assert all(a in {b, 0x55} for a, b in zip(everything, mixed, strict=True))


def ethernet(port: int, data: bytes) -> bytes:
    udp = struct.pack(">HHHH", 5, port, 8 + len(data), 0) + data
    ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 1, 2) + udp
    return bytes(12) + b"\x08\x00" + ip


def capture(*frames: bytes) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    records = [struct.pack("<IIII", 7, 500_000, len(frame), len(frame)) + frame for frame in frames]
    return head + b"".join(records)


def test_a_capture_is_read_up_to_where_it_was_cut():
    whole = capture(ethernet(10, b"one"), b"short", ethernet(20, b"two"))
    assert list(read_datagrams(io.BytesIO(whole))) == [
        Captured(7.5, 10, b"one"),
        Captured(7.5, 20, b"two"),
    ]
    assert len(list(read_datagrams(io.BytesIO(whole[:-1])))) == 1
    with pytest.raises(NoCapture):
        list(read_datagrams(io.BytesIO(b"x" * 50)))
