"""Whatever is printed by mistake names nobody."""

from datetime import UTC, datetime

import pytest

from maskline.domain.application import Mode
from maskline.domain.binding import AxbBinding, Role, VoiceOptions
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.notice import Notice, Purpose, QueuedNotice
from maskline.domain.plan import Connect
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound
from maskline.services.binding import BindingChange, NewBinding

NOW = datetime(2026, 11, 20, tzinfo=UTC)
A, B, X, TRIP = "+8613900001001", "+8613900002002", "+8617010000001", "trip of Zhang"
BINDING = AxbBinding(
    binding_id="b", app_key="k", x=X, a=A, b=B, user_data=TRIP, created_at=NOW, modified_at=NOW
)
CALL = Call(
    session_id="s",
    icid="i",
    host="h",
    app_key="k",
    tenant_id="t",
    mode=Mode.AXB,
    x=X,
    caller=A,
    callee=B,
    user_data=TRIP,
    arrived_at=NOW,
)
NOTICE = Notice(
    notice_id="n",
    stream="s",
    app_key="k",
    purpose=Purpose.STATUS,
    origin="https://one.example",
    body=f"{A} {B} {TRIP}".encode(),
    created_at=NOW,
)


@pytest.mark.parametrize(
    "value",
    [
        BINDING,
        RouteFound(number=None, binding=BINDING, role=Role.A),
        CALL,
        CallRecord(call=CALL, end=CallEnd(at=NOW, release=ReleaseCode.NORMAL)),
        QueuedNotice(sequence=1, notice=NOTICE, attempts=1),
        Connect(
            callee=B,
            shown=X,
            binding_id="b",
            role=Role.A,
            voice=VoiceOptions(),
            user_data=TRIP,
        ),
        NewBinding(a=A, b=B, user_data=TRIP),
        BindingChange(a=A, b=B, user_data=TRIP),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_representation_shows_a_party_or_a_text(value: object):
    shown = repr(value)
    assert not any(secret in shown for secret in (A, B, TRIP, A[1:], B[1:]))
