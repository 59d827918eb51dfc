"""What a customer's server says to do with a call of mode X, and what follows (`spec/x.md` 2)."""

from dataclasses import dataclass, field, replace

from maskline.domain.application import Application
from maskline.domain.binding import Role, VoiceOptions
from maskline.domain.plan import Connect, Refuse
from maskline.domain.release import ReleaseCode

IN_SILENCE = VoiceOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectTo:
    """Forward the call to `callee`, who sees `shown`, None for the X that was dialled.

    The caller is the A of `voice`.
    """

    callee: str = field(repr=False)
    shown: str | None = field(default=None, repr=False)
    voice: VoiceOptions = IN_SILENCE
    user_data: str | None = field(default=None, repr=False)

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts that it names."""
        voice = self.voice
        named = (
            voice.a_waiting_tone,
            voice.callee_hint,
            voice.record_hint_tone,
            voice.last_minute_voice,
        )
        return tuple([name for name in named if name])


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseWith:
    """End the call, after `prompt` where one is set."""

    prompt: str | None = None
    user_data: str | None = field(default=None, repr=False)

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts that it names."""
        return (self.prompt,) if self.prompt else ()


CustomerAnswer = ConnectTo | CloseWith


def without_idle_wishes(answer: CustomerAnswer, application: Application) -> CustomerAnswer:
    """The answer without what has no effect in this call.

    A notice without a recording, a recording that the application may not make, a last minute
    without an end (`spec/x.md` 2.3, 7).
    """
    if isinstance(answer, CloseWith):
        return answer
    voice = answer.voice
    records = voice.record and application.may_record
    return replace(
        answer,
        voice=replace(
            voice,
            record=records,
            record_hint_tone=voice.record_hint_tone if records else None,
            last_minute_voice=voice.last_minute_voice if voice.max_duration_min else None,
        ),
    )


def follow(answer: CustomerAnswer, x: str, application: Application) -> Connect | Refuse:
    """What becomes of a call to `x`.

    Only the X that was dialled may be shown: carriers intercept everything else (`spec/x.md` 2.3).
    """
    if isinstance(answer, CloseWith):
        return Refuse(release=ReleaseCode.STOPPED, prompt=answer.prompt, user_data=answer.user_data)
    if answer.shown not in {None, x}:
        return cannot_follow(application, ReleaseCode.REAL_CALLER_SHOWN, answer.user_data)
    if answer.callee == x:
        return cannot_follow(application, user_data=answer.user_data)
    voice = answer.voice
    return Connect(
        callee=answer.callee,
        shown=x,
        binding_id=None,
        role=Role.A,
        voice=voice,
        waiting_tone=voice.a_waiting_tone or application.prompts.waiting_tone,
        user_data=answer.user_data,
    )


def cannot_follow(
    application: Application,
    release: ReleaseCode = ReleaseCode.NO_BINDING,
    user_data: str | None = None,
) -> Refuse:
    """There is no answer that can be followed: the caller hears that the service is abnormal."""
    return Refuse(release=release, prompt=application.prompts.service_abnormal, user_data=user_data)
