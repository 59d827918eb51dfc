"""AXE, listened to: the caller hears who asks, presses keys, and reaches whom the extension names.

In this scene B is the protected party: the caller is the phone that the others call A.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.integration.voice.conftest import SceneMaker
from tests.integration.voice.scene import A, B, Scene, assert_heard, now, until

from maskline.api.axe import PATH
from maskline.domain.application import Application, Mode
from maskline.lab.demo.tenant import TENANT
from maskline.lab.hearing import hears_only
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState, KeyWay, PhoneCall
from maskline.lab.rest import RestClient
from maskline.lab.timeline import span
from maskline.services.administration_request import NewApplication, NewNumber, NewNumbers

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

X = "+8617000008001"
KEYING_S = 8.0
"""What keying in may take: the keys in real time, and the way to the other phone."""


@dataclass
class ExtensionScene(Scene):
    """The scene on an X of AXE, with extensions of three digits."""

    application: Application = field(kw_only=True)
    customer: RestClient = field(kw_only=True)

    @property
    def x(self) -> str:
        return X

    @property
    def app_key(self) -> str:
        return self.application.app_key

    async def bind(self, **options: object) -> dict[str, Any]:
        """Bind the protected party to X and 042."""
        values = {"virtualNum": X, "bindNum": B, "extendNum": "042"} | options
        return await self.customer.ask("POST", PATH, body=values)

    async def change(self, **fields: object) -> None:
        await self.manage.change_app(self.app_key, fields)

    async def asked(self) -> PhoneCall:
        """The caller has dialled X and hears that it is asked for an extension."""
        mine = await self.dial()
        await mine.wait_until(CallState.RINGING)
        return mine


AxeMaker = Callable[..., Awaitable[ExtensionScene]]


@pytest.fixture
async def make_axe(make_scene: SceneMaker) -> AsyncIterator[AxeMaker]:
    async with AsyncExitStack() as stack:

        async def make(**sections: dict[str, object]) -> ExtensionScene:
            scene = await make_scene(**sections)
            administration, url = scene.stage.platform.administration, scene.stage.receiver.url
            application = await administration.create_application(
                NewApplication(
                    name="extensions",
                    mode=Mode.AXE,
                    tenant_id=TENANT,
                    status_url=f"{url}/extensions/status",
                    cdr_url=f"{url}/extensions/record",
                    may_record=True,
                    extension_digits=3,
                )
            )
            key, secret = application.app_key, application.secret
            number = NewNumber(number=X, area_code="0755")
            await administration.add_numbers(NewNumbers(app_key=key, numbers=(number,)))
            scene.stage.secrets[key] = secret
            customer = await stack.enter_async_context(RestClient(scene.stage.url, key, secret))
            return ExtensionScene(**vars(scene), application=application, customer=customer)

        yield make


@pytest.fixture
async def axe(make_axe: AxeMaker) -> ExtensionScene:
    return await make_axe()


@pytest.fixture(params=list(KeyWay))
async def way(request: pytest.FixtureRequest, axe: ExtensionScene) -> AsyncIterator[KeyWay]:
    """How the caller's phone sends keys; as sounds only where it knows no other way."""
    if request.param is not KeyWay.SOUND:
        yield request.param
        return
    async with await Phone.start(A, knows_events=False) as plain:
        axe.a = plain
        yield request.param


async def test_keys_of_every_kind_lead_to_the_party_who_talks_then(
    axe: ExtensionScene, way: KeyWay
):
    await axe.bind()
    await axe.change(prompts={"enter_extension": await axe.prompt("hint", 3.0)})
    mine = await axe.asked()
    begin = now()
    await until(begin + 1.0)
    assert_heard("the caller is asked", mine, begin, span(0, 1.0, "hint"))
    mine.speak(None)
    mine.press("042", way=way)
    theirs = await axe.b.next_call(KEYING_S)
    assert theirs.number == X
    axe.say(mine, "A")
    axe.say(theirs, "B")
    await theirs.ring()
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
    answered = now()
    await until(answered + 2.0)
    assert_heard("the caller", mine, answered, span(0, 1.5, "B"))
    # Tones of keys are kept private by holding the caller's audio back a little longer.
    assert_heard("the callee", theirs, answered + 0.5, span(0, 1.5, "A"))
    assert not theirs.info_keys
    assert not theirs.audio.keys
    await mine.hang_up()
    record = await axe.record()
    assert (record["extendNum"], record["fwdDstNum"]) == ("042", B)


async def test_a_wrong_extension_may_be_followed_by_the_right_one(axe: ExtensionScene):
    await axe.bind()
    await axe.change(
        prompts={
            "enter_extension": await axe.prompt("hint", 3.0),
            "wrong_extension": await axe.prompt("refusal", 3.0),
        }
    )
    mine = await axe.asked()
    mine.speak(None)
    mine.press("007")
    await asyncio.sleep(1.5)
    begin = now()
    await until(begin + 0.8)
    assert_heard("the caller is asked again", mine, begin, span(0, 0.8, "refusal"))
    mine.press("042#")
    theirs = await axe.b.next_call(KEYING_S)
    await theirs.ring()
    await mine.hang_up()
    assert (await axe.record())["extendNum"] == "042"


async def test_nothing_keyed_is_asked_again_and_then_8033(make_axe: AxeMaker):
    axe = await make_axe(calls={"extension_first_key_s": 1.0})
    await axe.bind()
    await axe.change(
        extension_repeats=1,
        prompts={
            "enter_extension": await axe.prompt("hint", 2.0),
            "no_extension_end": await axe.prompt("refusal", 2.0),
        },
    )
    mine = await axe.asked()
    with pytest.raises(CallFailed, match="480"):
        await mine.wait_until(CallState.TALKING, 10.0)
    end = mine.moments[CallState.ENDED]
    assert_heard("the end", mine, end - 1.9, span(0, 1.5, "refusal"))
    assert_heard("the second time", mine, end - 4.8, span(0, 1.5, "hint"))
    assert (await axe.record())["ulFailReason"] == 8033


async def test_ring_back_of_ours_is_heard_while_the_other_phone_rings(axe: ExtensionScene):
    await axe.bind()
    mine = await axe.asked()
    mine.speak(None)
    mine.press("042")
    theirs = await axe.b.next_call(KEYING_S)
    await theirs.ring()
    await asyncio.sleep(0.8)
    assert hears_only(mine.heard_last(0.5), 450)


async def test_an_answered_caller_keys_in_and_talks(make_axe: AxeMaker):
    axe = await make_axe(calls={"extension_answers": True})
    await axe.bind(recordFlag="true", recordHintTone=await axe.prompt("hint"))
    mine = await axe.dial()
    await mine.wait_until(CallState.TALKING)
    mine.speak(None)
    mine.press("042")
    theirs = await axe.b.next_call(KEYING_S)
    axe.say(mine, "A")
    axe.say(theirs, "B")
    await theirs.ring()
    await theirs.answer()
    answered = now()
    await until(answered + 3.0)
    assert_heard("the caller", mine, answered + 1.5, span(0, 1.2, "B"))
    assert_heard("the callee", theirs, answered + 1.5, span(0, 1.2, "A"))
    await theirs.hang_up()
    await mine.wait_until(CallState.ENDED)
    assert (await axe.record())["ulFailReason"] == 0


async def test_the_protected_party_calls_back_who_called_last(axe: ExtensionScene):
    await axe.bind(callbackNum="+8613711110009")
    await axe.a.register(axe.stage.carrier.address)
    mine = await axe.asked()
    mine.press("042")
    theirs = await axe.b.next_call(KEYING_S)
    await theirs.ring()
    await mine.hang_up()
    await theirs.wait_until(CallState.ENDED)
    back = await axe.b.dial(X, via=axe.stage.carrier.address)
    axe.say(back, "B")
    arrived = await axe.a.next_call()
    axe.say(arrived, "A")
    assert arrived.number == X
    await arrived.ring()
    await arrived.answer()
    await back.wait_until(CallState.TALKING)
    answered = now()
    await until(answered + 1.0)
    assert_heard("who calls back", back, answered, span(0, 1.0, "A"))
    await back.hang_up()
