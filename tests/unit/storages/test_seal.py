import fcntl
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from maskline.domain.error import PlatformError
from maskline.protocols.recording import Cipher, CipherMissing, SegmentSealer, read_head
from maskline.services.recording import RecordingDamaged
from maskline.storages import seal as seal_module
from maskline.storages.seal import TenantSeal

NAME = "261120080000" + "7" * 20 + ".wav"
OTHER = "261120080000" + "8" * 20 + ".wav"
AUDIO = bytes(range(256)) * 100

Seal = Callable[..., TenantSeal]


def derive(purpose: str) -> bytes:
    return sha256(purpose.encode()).digest()


@pytest.fixture(params=list(Cipher))
def seal(request: pytest.FixtureRequest) -> TenantSeal:
    return TenantSeal(derive, request.param, 1)


def written(seal: TenantSeal, name: str = NAME, *, is_finished: bool = True) -> bytes:
    start = seal.begin(name, "demo")
    head = read_head(start.head)
    sealer = SegmentSealer(head, start.key)
    whole = len(AUDIO) // head.segment_bytes * head.segment_bytes
    pieces = [
        sealer.seal(AUDIO[at : at + head.segment_bytes])
        for at in range(0, whole, head.segment_bytes)
    ]
    if is_finished:
        pieces.append(sealer.finish(AUDIO[whole:]))
    return start.head + b"".join(pieces)


def test_a_sealed_file_opens_for_its_tenant(seal: TenantSeal):
    sealed = written(seal)
    audio = seal.view(sealed[: seal.head_size], NAME, "demo", len(sealed))
    start, size = audio.sealed_range(0, audio.size)
    wav = audio.open(0, audio.size, sealed[start : start + size])
    assert wav.startswith(b"RIFF")
    assert AUDIO in wav
    assert audio.duration_s == len(AUDIO) / 8000


def test_the_head_tells_neither_key_nor_tenant(seal: TenantSeal):
    start = seal.begin(NAME, "demo")
    assert start.key not in start.head
    assert b"demo" not in start.head
    assert len(start.head) <= seal.head_size
    assert repr(start.key) not in repr(start)


def test_no_two_files_have_the_same_key_or_head(seal: TenantSeal):
    first, second = seal.begin(NAME, "demo"), seal.begin(NAME, "demo")
    assert first.key != second.key
    assert first.head != second.head


@pytest.mark.parametrize(("name", "tenant"), [(NAME, "other"), (OTHER, "demo"), (OTHER, "other")])
def test_a_file_of_another_tenant_or_call_does_not_open(seal: TenantSeal, name: str, tenant: str):
    sealed = written(seal)
    with pytest.raises(RecordingDamaged):
        seal.view(sealed[: seal.head_size], name, tenant, len(sealed))


def test_a_file_under_another_master_key_does_not_open(seal: TenantSeal):
    sealed = written(seal)
    other = TenantSeal(lambda purpose: derive(purpose + "!"), Cipher.AES_256_GCM, 1)
    with pytest.raises(RecordingDamaged):
        other.view(sealed[: seal.head_size], NAME, "demo", len(sealed))


def test_what_is_no_sealed_file_does_not_open(seal: TenantSeal):
    for content in (b"", b"RIFF", bytes(5000)):
        with pytest.raises(RecordingDamaged):
            seal.view(content[: seal.head_size], NAME, "demo", len(content))


def test_changed_audio_is_noticed(seal: TenantSeal):
    sealed = bytearray(written(seal))
    sealed[5000] ^= 1
    audio = seal.view(bytes(sealed[: seal.head_size]), NAME, "demo", len(sealed))
    start, size = audio.sealed_range(0, 9000)
    with pytest.raises(RecordingDamaged):
        audio.open(0, 9000, bytes(sealed[start : start + size]))


def test_files_of_the_other_cipher_still_open():
    sealed = written(TenantSeal(derive, Cipher.SM4_GCM, 1))
    now = TenantSeal(derive, Cipher.AES_256_GCM, 2)
    assert now.view(sealed[: now.head_size], NAME, "demo", len(sealed)).duration_s == 3.2


def test_a_file_whose_writer_died_is_finished(seal: TenantSeal, tmp_path: Path):
    path = tmp_path / NAME
    path.write_bytes(written(seal, is_finished=False) + b"torn")
    assert seal.repair(path, "demo") == 3.2
    sealed = path.read_bytes()
    assert seal.view(sealed[: seal.head_size], NAME, "demo", len(sealed)).duration_s == 3.2
    assert seal.repair(path, "demo") == 3.2
    assert path.read_bytes() == sealed


@pytest.mark.parametrize("kept", [0, 10, None])
def test_a_file_without_audio_has_no_length(seal: TenantSeal, tmp_path: Path, kept: int | None):
    path = tmp_path / NAME
    path.write_bytes(seal.begin(NAME, "demo").head[:kept])
    assert seal.repair(path, "demo") == 0.0


def test_a_file_that_is_still_written_is_left_alone(seal: TenantSeal, tmp_path: Path):
    path = tmp_path / NAME
    path.write_bytes(written(seal, is_finished=False))
    before = path.read_bytes()
    with path.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            seal.repair(path, "demo")
    assert path.read_bytes() == before
    assert seal.repair(path, "demo") > 0


def test_a_file_that_cannot_be_repaired_stays(seal: TenantSeal, tmp_path: Path):
    path = tmp_path / NAME
    path.write_bytes(bytes(5000))
    with pytest.raises(RecordingDamaged):
        seal.repair(path, "demo")
    path.write_bytes(written(seal, is_finished=False))
    with pytest.raises(RecordingDamaged):
        seal.repair(path, "other")
    assert path.exists()


def test_a_missing_cipher_is_told_at_once(monkeypatch: pytest.MonkeyPatch):
    def missing(*_: object) -> None:
        raise CipherMissing("this OpenSSL has no SM4-GCM")

    monkeypatch.setattr(seal_module, "make_aead", missing)
    with pytest.raises(PlatformError, match="SM4"):
        TenantSeal(derive, Cipher.SM4_GCM, 1)
