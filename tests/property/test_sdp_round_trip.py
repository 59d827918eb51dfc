"""What is offered or answered is read the same by the other side."""

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from maskline.protocols.sdp import (
    Codec,
    Crypto,
    Direction,
    Fingerprint,
    NoCommonCodec,
    Security,
    answer_direction,
    build_answer,
    build_offer,
    choose_codecs,
    parse_sdp,
)
from maskline.protocols.sdp.security import KEY_BYTES, read_crypto, read_fingerprint

few_codecs = st.lists(
    st.builds(
        Codec,
        st.integers(0, 127),
        st.sampled_from(["PCMA", "PCMU", "G729"]),
        st.just(8000),
        st.just(1),
        st.none(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda codec: codec.payload_type,
)
names = st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=10).filter(
    lambda name: name.lower() != "telephone-event"
)
formats = st.none() | st.from_regex(r"[a-z0-9=;\-]{1,20}", fullmatch=True)
codecs = st.builds(
    Codec,
    st.integers(0, 127),
    names,
    st.sampled_from([8000, 16000, 48000]),
    st.integers(1, 2),
    formats,
)
codec_lists = st.lists(codecs, min_size=1, max_size=6, unique_by=lambda codec: codec.payload_type)
addresses = st.sampled_from(["192.0.2.1", "10.0.0.1", "2001:db8::1", "::1"])
directions = st.sampled_from(Direction)
ports = st.integers(1, 65535)
ids = st.integers(0, 2**63)


@given(addresses, ports, codec_lists, directions, ids, ids, st.none() | st.integers(1, 400))
def test_offers(  # Hypothesis passes them by position
    address: str,
    port: int,
    offered: list[Codec],
    direction: Direction,
    session_id: int,
    version: int,
    ptime: int | None,
):
    free = next(n for n in range(128) if n not in {codec.payload_type for codec in offered})
    session = parse_sdp(
        build_offer(
            address=address,
            port=port,
            codecs=offered,
            telephone_event=free,
            direction=direction,
            session_id=session_id,
            version=version,
            ptime=ptime,
        )
    )
    audio = session.require_audio()
    assert (audio.address, audio.port, audio.codecs) == (address, port, tuple(offered))
    assert (audio.telephone_event, audio.direction, audio.ptime) == (free, direction, ptime)
    assert session.origin is not None
    assert (session.origin.session_id, session.origin.version) == (str(session_id), str(version))


@given(few_codecs, few_codecs, directions, directions, st.lists(st.booleans(), max_size=4))
def test_answers(
    offered: list[Codec],
    ours: list[Codec],
    direction: Direction,
    wanted: Direction,
    others: list[bool],
):
    text = build_offer(
        address="192.0.2.1",
        port=4000,
        codecs=offered,
        telephone_event=None,
        direction=direction,
        session_id=1,
        version=1,
    )
    for is_video in others:
        text += b"m=video 5000 RTP/AVP 31\r\n" if is_video else b"m=audio 0 RTP/AVP 8\r\n"
    offer = parse_sdp(text)
    try:
        chosen = choose_codecs(offer.require_audio().codecs, ours)
    except NoCommonCodec:
        assume(False)
        return
    answer = parse_sdp(
        build_answer(
            offer,
            address="192.0.2.2",
            port=6000,
            codecs=chosen,
            telephone_event=None,
            direction=answer_direction(direction, wanted),
            session_id=1,
            version=1,
        )
    )
    assert [media.kind for media in answer.media] == [media.kind for media in offer.media]
    assert [media.port for media in answer.media] == [6000, *(0 for _ in others)]
    audio = answer.require_audio()
    assert {codec.payload_type for codec in audio.codecs} <= {c.payload_type for c in offered}
    assert not audio.direction.sends or direction.receives
    assert not audio.direction.receives or direction.sends


keys = st.sampled_from(sorted(KEY_BYTES)).flatmap(
    lambda suite: st.builds(
        Crypto,
        st.integers(0, 999_999_999),
        st.just(suite),
        st.binary(min_size=KEY_BYTES[suite], max_size=KEY_BYTES[suite]),
    )
)
certificates = st.builds(
    Fingerprint,
    st.just("sha-256"),
    st.binary(min_size=32, max_size=32).map(lambda digest: digest.hex(":").upper()),
    st.sampled_from(["actpass", "active", "passive"]),
)


@given(st.none() | keys | certificates)
def test_keys_and_certificates(security: Crypto | Fingerprint | None):
    text = build_offer(
        address="192.0.2.1",
        port=4000,
        codecs=[Codec(8, "PCMA")],
        telephone_event=None,
        direction=Direction.SENDRECV,
        session_id=1,
        version=1,
        security=security,
    )
    audio = parse_sdp(text).require_audio(frozenset(Security))
    match security:
        case Crypto():
            assert (audio.security, audio.cryptos) == (Security.SDES, (security,))
        case Fingerprint():
            assert (audio.security, audio.fingerprint) == (Security.DTLS, security)
        case None:
            assert audio.security is Security.NONE


mangled = st.text(st.sampled_from("1 AES_CM128HGinline:|2^;=+/-SHA\t"), max_size=90)


@given(mangled | st.sampled_from(sorted(KEY_BYTES)).map("1 {} inline:".format).flatmap(
    lambda head: st.text(max_size=80).map(head.__add__)
))  # fmt: skip
def test_a_key_is_whole_or_none(value: str):
    crypto = read_crypto(value)
    assert crypto is None or len(crypto.key) == KEY_BYTES[crypto.suite]


@given(st.text(max_size=100) | st.text("sha-1256 ABCdef:", max_size=110))
def test_a_certificate_is_whole_or_none(value: str):
    found = read_fingerprint(value)
    assert found is None or found[1] == found[1].upper()
