import json

import pytest

from maskline.api.axb import WIRE_NAMES
from maskline.api.result import Refused, Result, answer_of
from maskline.domain.error import (
    AlreadyBound,
    InvalidParameter,
    MessagingNotEnabled,
    NumberFull,
    NumberNotOwned,
    NumberPoolExhausted,
    NumberUnavailable,
    RecordingNotEnabled,
    StoreBusy,
    StoreFailed,
    UnknownRecord,
)

# The rows of `spec/codes.md` 2.2 and 2.4 that an AXB request can meet, copied by hand.
ROWS = [
    (200, "0", "Success"),
    (400, "1023006", "Authorization not contained in the HTTP header."),
    (400, "1023007", "realm not contained in Authorization."),
    (400, "1023008", "profile not contained in Authorization."),
    (400, "1023009", "The value of realm in Authorization must be SDP."),
    (400, "1023010", "The value of profile in Authorization must be UsernameToken."),
    (400, "1023011", "The value of type in Authorization must be app_key."),
    (400, "1023012", "type not contained in Authorization."),
    (400, "1023013", "WSSE not contained in Authorization."),
    (400, "1023026", "X-WSSE not contained in the HTTP header."),
    (400, "1023027", "Username not contained in X-WSSE."),
    (400, "1023028", "Nonce not contained in X-WSSE."),
    (400, "1023029", "Created not contained in X-WSSE."),
    (400, "1023030", "PasswordDigest not contained in X-WSSE."),
    (400, "1023033", "HTTP header not found X-AKSK field."),
    (400, "1023034", "UserName not contained in X-AKSK."),
    (400, "1023035", "Nonce not contained in X-AKSK."),
    (400, "1023036", "Created not contained in X-AKSK."),
    (400, "1023037", "PasswordDigest not contained in X-AKSK."),
    (400, "1023038", "UsernameToken not contained in X-AKSK."),
    (401, "1010010", "Invalid digest."),
    (401, "1010013", "Time out limit."),
    (403, "1010002", "Invalid request."),
    (403, "1010003", "Invalid app_key."),
    (403, "1010008", "The status of the app_key is unavailable."),
    (403, "1010010", "The flow control upper limit is reached on the platform."),
    (403, "1010029", "The subscriber status is frozen."),
    (403, "1010040", "The app_key is not allowed to invoke the API."),
    (403, "1011006", "Under traffic control status"),
    (403, "1012001", "Resource of number is not to be applied."),
    (403, "1012007", "The record does not exist."),
    (403, "1012008", "Insufficient number of resources."),
    (403, "1012012", "Application does not open recording function."),
    (403, "1012102", "The number status is abnormal."),
    (403, "1020150", "The app_key is invalid."),
    (403, "1020152", "Invalid sessionId."),
    (403, "1020166", "The app client ip is not in ip white list."),
    (403, "1020176", "Authentication failed, try again later"),
    (500, "1020001", "Parameter error."),
    (500, "1010001", "Internal system error."),
]


@pytest.mark.parametrize(("status", "code", "text"), ROWS)
def test_each_row_of_the_code_table_has_its_status_and_exact_text(status, code, text):
    (result,) = [r for r in Result if (r.status, r.code) == (status, code)]

    assert result.text == text
    assert result.answer.status == status
    assert json.loads(result.answer.body) == {"resultcode": code, "resultdesc": text}


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (UnknownRecord(), Result.UNKNOWN_RECORD),
        (NumberNotOwned(), Result.NUMBER_NOT_OWNED),
        (NumberUnavailable(), Result.NUMBER_ABNORMAL),
        (NumberPoolExhausted(), Result.NO_NUMBER),
        (NumberFull(), Result.NO_NUMBER),
        (RecordingNotEnabled(), Result.NO_RECORDING),
        (StoreBusy(), Result.FLOW_CONTROL),
        (StoreFailed(), Result.SYSTEM_ERROR),
        (Refused.by(Result.WRONG_MODE), Result.WRONG_MODE),
    ],
)
def test_each_error_has_one_result(error, result):
    assert answer_of(error, WIRE_NAMES) == result.answer


def test_the_detail_of_an_invalid_request_follows_the_full_stop_without_a_blank():
    answer = answer_of(InvalidParameter("x", "lastMinVoice.wav does not exist."), WIRE_NAMES)

    assert json.loads(answer.body)["resultdesc"] == (
        "Invalid request.lastMinVoice.wav does not exist."
    )


@pytest.mark.parametrize(
    ("error", "parameter"),
    [
        (InvalidParameter("a"), "callerNum"),
        (InvalidParameter("duration_s"), "duration"),
        (InvalidParameter("b_waiting_tone"), "calleeHintTone"),
        (MessagingNotEnabled(), "privateSms"),
    ],
)
def test_a_wrong_parameter_is_named_as_the_customer_knows_it(error, parameter):
    answer = answer_of(error, WIRE_NAMES)

    assert json.loads(answer.body) == {
        "resultcode": "1010002",
        "resultdesc": f"Invalid request.{parameter}",
    }


def test_a_bound_number_is_told_in_place_of_the_dollar_sign():
    answer = answer_of(AlreadyBound("+8613900003003"), WIRE_NAMES)

    assert json.loads(answer.body)["resultdesc"] == "The number +8613900003003 has been bound."
