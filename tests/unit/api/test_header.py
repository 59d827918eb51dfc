import json

import pytest

from maskline.api.header import Scheme, read_credentials
from maskline.api.result import Refused

FIXED = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
WSSE = FIXED.replace("AKSK", "WSSE")
PARTS = {"Username": "key", "PasswordDigest": "ab+/=", "Nonce": "n1", "Created": "c1"}


def token(separator=",", **changes):
    parts = {k: v for k, v in (PARTS | changes).items() if v is not None}
    return "UsernameToken " + separator.join(f'{k}="{v}"' for k, v in parts.items())


def code_of(authorization, aksk=None, wsse=None):
    with pytest.raises(Refused) as refused:
        read_credentials(authorization, aksk, wsse)
    assert refused.value.answer.status == 400
    return json.loads(refused.value.answer.body)["resultcode"]


@pytest.mark.parametrize("separator", [",", ", ", " , ", ",\t", " "])
def test_parts_may_be_separated_with_or_without_blanks(separator):
    found = read_credentials(FIXED, token(separator), None)

    assert (found.scheme, found.app_key, found.digest) == (Scheme.AKSK, "key", "ab+/=")
    assert (found.nonce, found.created) == ("n1", "c1")


@pytest.mark.parametrize(
    "authorization",
    [
        'AKSK realm="SDP", profile="UsernameToken", type="Appkey"',
        'AKSK type="Appkey",profile="UsernameToken",realm="SDP"',
        'aksk realm="SDP",profile="UsernameToken",type="APPKEY"',
        'AKSK realm = "SDP",profile = "UsernameToken",Type = "appkey"',
        'AKSK realm="SDP",profile="UsernameToken",dsl="Appkey"',
        'Digest realm="SDP",profile="UsernameToken",type="Appkey"',
    ],
)
def test_the_fixed_header_is_read_however_it_is_written(authorization):
    assert read_credentials(authorization, token(), None).app_key == "key"


def test_the_scheme_word_chooses_the_second_header():
    found = read_credentials(WSSE, token(Username="other"), token())

    assert (found.scheme, found.app_key) == (Scheme.WSSE, "key")


@pytest.mark.parametrize("authorization", [None, ""])
def test_1023006_without_authorization(authorization):
    assert code_of(authorization, token()) == "1023006"


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("AKSK", "1023007"),
        ("Basic dXNlcjpwYXNz", "1023007"),
        ('AKSK profile="UsernameToken",type="Appkey"', "1023007"),
        ('AKSK realm="SDP",type="Appkey"', "1023008"),
        ('AKSK realm="sdp",profile="UsernameToken",type="Appkey"', "1023009"),
        ('AKSK realm="SDP",profile="Username",type="Appkey"', "1023010"),
        ('AKSK realm="SDP",profile="UsernameToken",type="app_key"', "1023011"),
        ('AKSK realm="SDP",profile="UsernameToken",dsl="other"', "1023011"),
        ('AKSK realm="SDP",profile="UsernameToken"', "1023012"),
    ],
)
def test_a_flaw_of_authorization_has_its_own_code(authorization, code):
    assert code_of(authorization, token()) == code


def test_missing_attributes_are_told_before_wrong_values():
    assert code_of('AKSK realm="nowhere",profile="UsernameToken"', token()) == "1023012"


@pytest.mark.parametrize(
    ("aksk", "code"),
    [
        (None, "1023033"),
        (token(Username=None), "1023034"),
        (token(Username=""), "1023034"),
        (token(Nonce=None), "1023035"),
        (token(Created=None), "1023036"),
        (token(PasswordDigest=None), "1023037"),
        (token().removeprefix("UsernameToken "), "1023038"),
        ("", "1023038"),
    ],
)
def test_a_flaw_of_x_aksk_has_its_own_code(aksk, code):
    assert code_of(FIXED, aksk) == code


@pytest.mark.parametrize(
    ("wsse", "code"),
    [
        (None, "1023026"),
        (token(Username=None), "1023027"),
        (token(Nonce=None), "1023028"),
        (token(Created=None), "1023029"),
        (token(PasswordDigest=None), "1023030"),
    ],
)
def test_a_flaw_of_x_wsse_has_its_own_code(wsse, code):
    assert code_of(WSSE, None, wsse) == code


def test_1023013_when_only_x_wsse_came_under_another_scheme_word():
    assert code_of('Digest realm="SDP"', None, token()) == "1023013"


def test_a_header_longer_than_the_bound_is_read_only_up_to_it():
    assert code_of(FIXED, "UsernameToken " + "x" * 100_000 + token()) == "1023034"
