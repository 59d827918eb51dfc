import pytest

from maskline.protocols.sdp import Codec, Direction, NoCommonCodec, answer_direction, choose_codecs

PCMA = Codec(8, "PCMA")
PCMU = Codec(0, "PCMU")

SENDRECV, SENDONLY, RECVONLY, INACTIVE = (
    Direction.SENDRECV,
    Direction.SENDONLY,
    Direction.RECVONLY,
    Direction.INACTIVE,
)


def test_the_offerers_order_and_payload_types_win():
    offered = (Codec(97, "pcmu"), Codec(18, "G729"), PCMA)
    assert choose_codecs(offered, (PCMA, PCMU)) == (Codec(97, "PCMU"), PCMA)


def test_format_parameters_are_ours():
    offered = (Codec(18, "G729", fmtp="annexb=no;x-tracking=alice"),)
    assert choose_codecs(offered, (Codec(18, "G729", fmtp="annexb=yes"),)) == (
        Codec(18, "G729", fmtp="annexb=yes"),
    )


@pytest.mark.parametrize(
    "offered",
    [(), (Codec(18, "G729"),), (Codec(96, "PCMA", 16000),), (Codec(96, "PCMA", 8000, 2),)],
)
def test_nothing_in_common(offered: tuple[Codec, ...]):
    with pytest.raises(NoCommonCodec) as caught:
        choose_codecs(offered, (PCMA, PCMU))
    assert caught.value.status == 488
    assert caught.value.warning("pbx") == '305 pbx "Incompatible media format"'


@pytest.mark.parametrize(
    ("offered", "wanted", "answer"),
    [
        (SENDRECV, SENDRECV, SENDRECV),
        (SENDRECV, SENDONLY, SENDONLY),
        (SENDRECV, RECVONLY, RECVONLY),
        (SENDRECV, INACTIVE, INACTIVE),
        (SENDONLY, SENDRECV, RECVONLY),
        (SENDONLY, SENDONLY, INACTIVE),
        (RECVONLY, SENDRECV, SENDONLY),
        (RECVONLY, RECVONLY, INACTIVE),
        (INACTIVE, SENDRECV, INACTIVE),
    ],
)
def test_directions(offered: Direction, wanted: Direction, answer: Direction):
    """RFC 3264 6.1."""
    assert answer_direction(offered, wanted) is answer


class TestAmr:
    """RFC 4867 8.3.1."""

    PACKED = Codec(98, "AMR")
    ALIGNED = Codec(97, "AMR", fmtp="octet-align=1")

    def test_the_two_framings_are_two_formats(self):
        offered = (Codec(110, "AMR", fmtp="octet-align=1; mode-change-capability=2"),)
        assert choose_codecs(offered, (self.PACKED, self.ALIGNED)) == (
            Codec(110, "AMR", fmtp="octet-align=1"),
        )

    def test_modes_are_repeated(self):
        offered = (Codec(110, "AMR", fmtp="mode-set=0,2,4,7;x=alice"),)
        assert choose_codecs(offered, (self.PACKED,))[0].fmtp == "mode-set=0,2,4,7"

    @pytest.mark.parametrize("fmtp", ["crc=1", "interleaving=4", "octet-align=1;robust-sorting=1"])
    def test_framings_nobody_uses_are_not_ours(self, fmtp: str):
        with pytest.raises(NoCommonCodec):
            choose_codecs((Codec(110, "AMR", fmtp=fmtp),), (self.PACKED, self.ALIGNED))
