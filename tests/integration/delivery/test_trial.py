"""A test push goes out by the rules of every push, and is told in full."""

import json
from datetime import UTC, datetime

import pytest

from maskline.api.signature import sign
from maskline.api.trial import trial_message
from maskline.domain.application import Application, Mode
from maskline.domain.notice import Purpose
from maskline.lab.receiver import Receiver, Signature, failing
from maskline.planes.delivery.client import HttpPushClient
from maskline.planes.delivery.message import PushSigner
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.trial import PushTrial
from maskline.services.clock import SystemClock
from maskline.services.ids import SystemIds

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

APPLICATION = Application(
    app_key="k", tenant_id="t", name="n", mode=Mode.AXB, secret="s", created_at=datetime.now(UTC)
)


def trial(*, allow_private: bool = True) -> PushTrial:
    clock, ids = SystemClock(), SystemIds()
    settings = DeliverySettings(timeout_s=1.0, allow_private=allow_private)
    signer = PushSigner(sign, clock, ids)
    return PushTrial(lambda: HttpPushClient(settings), signer, trial_message, clock, ids)


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_it_is_signed_and_marked_as_a_test_for_every_receiver(purpose: Purpose):
    receiver = Receiver({"k": "s"})
    await receiver.start()
    report = await trial().push(APPLICATION, purpose, f"{receiver.url}/here")
    await receiver.close()
    (push,) = receiver.received
    assert (push.signature, push.body_signature) == (Signature.VALID, Signature.VALID)
    assert json.loads(push.body)["eventType"] == "test"
    assert (report.status, report.error, report.body) == (200, None, push.body)
    assert report.headers["webhook-id"] == push.push_id


async def test_it_tells_why_it_was_not_accepted():
    receiver = Receiver(behaviour=failing(503))
    await receiver.start()
    report = await trial().push(APPLICATION, Purpose.STATUS, receiver.url)
    refused = await trial(allow_private=False).push(APPLICATION, Purpose.STATUS, receiver.url)
    await receiver.close()
    assert (report.status, report.error) == (503, "HTTP 503")
    assert (refused.status, refused.error) == (None, "the address is not public")
