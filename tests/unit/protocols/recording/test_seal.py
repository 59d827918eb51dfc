import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from tests.unit.protocols.recording.sealed_file import new_head, seal

from maskline.protocols.recording import Cipher, CipherMissing, SegmentSealer, cipher, read_head
from maskline.protocols.recording.seal import MAX_FRAMES, Piece, nonce_of

HEAD = read_head(new_head())
ONE = HEAD.segment_frames
KEY = bytes(32)


def test_no_two_pieces_share_a_nonce():
    numbers = [0, 1, 7999, MAX_FRAMES]
    nonces = {nonce_of(HEAD, piece, number) for piece in Piece for number in numbers}
    assert len(nonces) == len(Piece) * len(numbers)
    assert {len(nonce) for nonce in nonces} == {12}


def test_the_audio_is_nowhere_in_the_file():
    sealed = seal(20_000)
    assert not any(sealed.audio[at : at + 8] in sealed.file for at in range(0, 19_000, 8))


def test_equal_segments_are_sealed_to_different_bytes():
    sealer = SegmentSealer(HEAD, KEY)
    assert sealer.seal(bytes(ONE)) != sealer.seal(bytes(ONE))


def test_counts_what_it_sealed():
    sealer = SegmentSealer(HEAD, KEY)
    sealer.seal(bytes(ONE))
    sealer.finish(bytes(10))
    assert sealer.frames == ONE + 10


@pytest.mark.parametrize("size", [0, ONE - 1, ONE + 1])
def test_only_a_whole_segment_is_sealed_as_one(size: int):
    with pytest.raises(ValueError, match="whole segment"):
        SegmentSealer(HEAD, KEY).seal(bytes(size))


def test_nothing_follows_the_end():
    sealer = SegmentSealer(HEAD, KEY)
    sealer.finish()
    with pytest.raises(ValueError, match="after the end"):
        sealer.seal(bytes(ONE))
    with pytest.raises(ValueError, match="after the end"):
        sealer.finish()


def test_the_rest_is_less_than_a_segment_and_of_whole_frames():
    with pytest.raises(ValueError, match="rest"):
        SegmentSealer(HEAD, KEY).finish(bytes(ONE))
    stereo = read_head(new_head(channels=2))
    with pytest.raises(ValueError, match="rest"):
        SegmentSealer(stereo, KEY).finish(bytes(3))


def test_a_recording_ends_before_its_length_no_longer_fits():
    sealer = SegmentSealer(HEAD, KEY)
    sealer.frames = MAX_FRAMES - ONE
    with pytest.raises(ValueError, match="longer"):
        sealer.seal(bytes(ONE))


@pytest.mark.parametrize("one", Cipher)
def test_a_key_of_another_size_is_refused(one: Cipher):
    with pytest.raises(ValueError, match="bytes"):
        SegmentSealer(read_head(new_head(one)), bytes(24))


def test_an_openssl_without_sm4_is_said_clearly(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_):
        raise UnsupportedAlgorithm("no SM4")

    monkeypatch.setattr(cipher, "BlockCipher", refuse)
    with pytest.raises(CipherMissing, match="aes-256-gcm"):
        SegmentSealer(read_head(new_head(Cipher.SM4_GCM)), bytes(16))
