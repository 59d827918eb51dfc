"""Tone matrix of mode X: what the customer's answer has each party hear."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.integration.voice.scene import B, Scene, assert_heard, assert_silent, now, until

from maskline.domain.application import Application, Mode
from maskline.lab.decision import close, connect, deciding
from maskline.lab.demo.tenant import TENANT
from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.timeline import span
from maskline.services.administration_request import NewApplication, NewNumber, NewNumbers

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

X = "+8617000009001"


@dataclass
class AskedScene(Scene):
    """The scene on an X of mode X, whose customer answers as the test says."""

    application: Application = field(kw_only=True)

    @property
    def x(self) -> str:
        return X

    @property
    def app_key(self) -> str:
        return self.application.app_key

    def answer(self, decision: object) -> None:
        self.stage.receiver.behaviour = deciding(lambda _: decision)


@pytest.fixture
async def asked(scene: Scene) -> AskedScene:
    administration, url = scene.stage.platform.administration, scene.stage.receiver.url
    application = await administration.create_application(
        NewApplication(
            name="asked",
            mode=Mode.X,
            tenant_id=TENANT,
            status_url=f"{url}/x/status",
            cdr_url=f"{url}/x/record",
            may_record=True,
        )
    )
    number = NewNumber(number=X, area_code="0755")
    await administration.add_numbers(NewNumbers(app_key=application.app_key, numbers=(number,)))
    scene.stage.secrets[application.app_key] = application.secret
    return AskedScene(**vars(scene), application=application)


async def test_the_whisper_is_heard_by_b_alone_while_a_hears_the_waiting_voice(asked: AskedScene):
    asked.answer(
        connect(
            B,
            waitVoice=await asked.prompt("wait"),
            calleeHintVoice=await asked.prompt("whisper", 1.5),
        )
    )
    mine, theirs = await asked.ringing()
    await theirs.ring()
    begin = now()
    await until(begin + 1.0)
    answered = now()
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
    connected = now()
    assert 1.3 < connected - answered < 2.3
    await until(connected + 1.2)
    assert_heard("A before", mine, begin, span(0, connected - begin - 0.2, "wait"))
    assert_heard("B before", theirs, answered, span(0.2, 1.4, "whisper"))
    assert_heard("A in the talk", mine, connected, span(0, 1.2, "B"))
    assert_heard("B in the talk", theirs, connected, span(0, 1.2, "A"))


async def test_close_is_heard_by_a_alone_and_then_its_end(asked: AskedScene):
    asked.answer(close(closeHintTone=await asked.prompt("refusal", 1.5)))
    mine = await asked.dial()
    await mine.wait_until(CallState.RINGING)
    begin = now()
    with pytest.raises(CallFailed, match="480"):
        await mine.wait_until(CallState.TALKING)
    assert_heard("A", mine, begin, span(0, 1.4, "refusal"))
    assert (await asked.record())["ulFailReason"] == 8017


async def test_both_hear_the_notice_after_the_whisper_and_before_the_recording(asked: AskedScene):
    asked.answer(
        connect(
            B,
            calleeHintVoice=await asked.prompt("whisper"),
            recordFlag="true",
            recordHintTone=await asked.prompt("hint", 2.0),
        )
    )
    mine, theirs = await asked.ringing()
    answered = now()
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
    connected = now()
    assert_silent(mine, answered, connected - 0.3)
    await until(connected + 6.2)
    await mine.hang_up()
    record: dict[str, Any] = await asked.record()
    assert_heard("A", mine, connected, span(0, 1.9, "hint"), span(2.2, 4.9, "B"))
    assert_heard("B", theirs, connected, span(0, 1.9, "hint"), span(2.2, 4.9, "A"))
    assert (record["recordFlag"], record["notifyMode"]) == (1, "Block")


async def test_a_waits_in_silence_while_the_customer_thinks(asked: AskedScene):
    receiver = asked.stage.receiver
    receiver.behaviour = deciding(lambda _: connect(B), delay_s=1.5)
    mine = await asked.dial()
    begin = now()
    theirs = await asked.b.next_call()
    assert now() - begin > 1.2
    assert mine.progress == []
    await theirs.ring()
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
