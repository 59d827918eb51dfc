"""Fuzz the sealed format: `python tests/property/fuzz_recording.py --seconds 60 [--seed N]`.

Changes, cuts and extends sealed files. Reading and repairing may raise nothing but BadHead and
Damaged, and whatever opens must be the audio that was sealed.
"""

import argparse
import io
import random
import time
from collections import Counter

from maskline.protocols.recording import (
    BadHead,
    Cipher,
    Damaged,
    SealedView,
    SegmentSealer,
    make_head,
    read_head,
    repair,
)

FRAMES = 17_003
KEY = bytes(range(32))


def seal(channels: int, chance: random.Random) -> tuple[bytes, bytes]:
    """A sealed file, and its audio."""
    head = make_head(
        cipher=Cipher.AES_256_GCM,
        channels=channels,
        object_name="a.wav",
        wrapped_key=b"wrapped",
        nonce=b"1234567",
    )
    audio = chance.randbytes(FRAMES * channels)
    sealer = SegmentSealer(read_head(head), KEY)
    one = read_head(head).segment_bytes
    whole = len(audio) // one * one
    parts = [head, *(sealer.seal(audio[at : at + one]) for at in range(0, whole, one))]
    return b"".join((*parts, sealer.finish(audio[whole:]))), audio


def mutate(file: bytes, chance: random.Random) -> bytes:
    """The file with something wrong with it, often in its head or at its end."""
    changed = bytearray(file)
    for _ in range(chance.randrange(4)):
        limit = chance.choice((64, len(changed)))
        changed[chance.randrange(limit)] = chance.choice((0, 1, 0xFF, chance.randrange(256)))
    match chance.randrange(4):
        case 0:
            del changed[chance.choice((chance.randrange(80), chance.randrange(len(changed)))) :]
        case 1:
            del changed[len(changed) - chance.randrange(60) :]
        case 2:
            changed += chance.randbytes(chance.randrange(60))
        case _:
            pass
    return bytes(changed)


def look(file: bytes, audio: bytes, chance: random.Random) -> str:
    """Read a range, then repair; what came of it."""
    outcome = "read"
    try:
        head = read_head(file)
        if len(KEY) != head.cipher.key_bytes:
            return "other cipher"
        view = SealedView(head, KEY, len(file))
        start = chance.randrange(view.size + 1)
        size = chance.randrange(view.size + 1 - start)
        at, much = view.sealed_range(start, size)
        opened = view.open(start, size, file[at : at + much])
        wanted = audio[max(0, start - 58) :][: len(opened)]
        assert start < 58 or opened.rstrip(b"\0") == wanted.rstrip(b"\0")
    except BadHead:
        return "bad head"
    except Damaged:
        outcome = "damaged"
    stream = io.BytesIO(file)
    frames = repair(stream, KEY)
    assert SealedView(head, KEY, len(stream.getvalue())).frames == frames
    return outcome


def fuzz(seconds: float, seed: int) -> Counter[str]:
    """Try inputs for so long; how many came out how."""
    chance = random.Random(seed)
    files = [seal(channels, chance) for channels in (1, 2)]
    tally: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        file, audio = chance.choice(files)
        tally[look(mutate(file, chance), audio, chance)] += 1
    return tally


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options = parser.parse_args()
    print(f"seed {options.seed}:", dict(fuzz(options.seconds, options.seed)))  # noqa: T201 - its result
