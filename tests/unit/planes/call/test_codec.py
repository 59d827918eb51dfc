import pytest

from maskline.planes.call.codec import CATALOGUE, Repertoire
from maskline.planes.media.engine import Abilities, Protection
from maskline.protocols.sdp.model import Codec

PCMA, PCMU, G722 = Codec(8, "PCMA"), Codec(0, "PCMU"), Codec(9, "G722")
OPUS = Codec(111, "opus", 48000, 2)
AMR = Codec(110, "AMR")


def repertoire(
    *codecs: str, translated: tuple[str, ...] = ("PCMA", "PCMU"), is_voiced: bool = False
) -> Repertoire:
    abilities = Abilities(codecs, frozenset(translated), frozenset({Protection.NONE}))
    return Repertoire.of(abilities, is_voiced=is_voiced)


def names(codecs: tuple[Codec, ...]) -> list[str]:
    return [codec.name for codec in codecs]


def test_payload_types_of_our_offers_are_told_apart():
    types = [codec.payload_type for codec in CATALOGUE]
    assert len(set(types)) == len(types)
    assert 101 not in types


def test_what_the_engine_relays_can_be_used():
    assert names(repertoire("PCMU", "G722", "OPUS", "unheard-of").codecs) == [
        "PCMU",
        "G722",
        "opus",
    ]


def test_a_call_that_is_spoken_to_uses_only_what_the_engine_understands():
    assert names(repertoire("G722", "PCMA", is_voiced=True).codecs) == ["PCMA"]


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        (PCMA, PCMA, True),
        (PCMA, PCMU, True),
        (G722, Codec(97, "g722"), True),
        (G722, PCMA, False),
        (OPUS, G722, False),
    ],
)
def test_two_codecs_are_joined_if_they_are_one_or_both_translated(
    one: Codec,
    other: Codec,
    joined: bool,  # noqa: FBT001 # a column
):
    assert repertoire("PCMA", "PCMU", "G722", "opus").joins(one, other) is joined


@pytest.mark.parametrize(
    ("heard", "offered"),
    [
        ((PCMU,), ["PCMU", "PCMA"]),
        ((G722, PCMA), ["G722", "PCMA", "PCMU"]),
        ((PCMA, G722), ["PCMA", "G722", "PCMU"]),
        ((G722,), ["G722"]),
        ((OPUS, PCMU), ["PCMU", "PCMA"]),
        ((), []),
    ],
)
def test_a_partner_is_offered_what_the_other_can_do_and_g711(
    heard: tuple[Codec, ...], offered: list[str]
):
    assert names(repertoire("PCMA", "PCMU", "G722").to_offer(heard)) == offered


def test_an_offer_has_our_payload_types_and_the_same_framing():
    engine = repertoire("AMR", "PCMA", "PCMU", translated=("AMR", "PCMA", "PCMU"))
    aligned = Codec(110, "AMR", fmtp="octet-align=1;mode-set=7")
    assert engine.to_offer((aligned,))[0] == Codec(97, "AMR", fmtp="octet-align=1")
    assert engine.to_offer((AMR,))[0] == Codec(98, "AMR")
    assert engine.joins(AMR, PCMA)


def test_g711_alone_is_offered_where_nothing_is_known():
    assert names(repertoire("opus", "PCMA", "G722", "PCMU").basic) == ["PCMA", "PCMU"]
