"""What names and labels of applications may be, and what an application still lacks. Pure.

Each `check_...` returns nothing or raises InvalidParameter naming the field.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maskline.domain.application import Application, Mode
from maskline.domain.error import InvalidParameter

MAX_NAME = 64
MAX_LABELS = 10
MAX_LABEL_KEY = 128
MAX_LABEL_VALUE = 255

# `spec/console.md` 3.1, 3.2
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_NAME = re.compile(rf"[0-9A-Za-z_{_HAN}]{{1,{MAX_NAME}}}")
_LABEL = re.compile(rf"[0-9A-Za-z{_HAN}_.:/=+@-]*")

_MODES_WITH_MESSAGES = frozenset({Mode.AX, Mode.AXB, Mode.X})
_MODES_WITH_CONTROL = frozenset({Mode.AX, Mode.X})


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that an application lacks. `code` is for programs; `field` is what to set."""

    code: str
    field: str
    text: str
    is_mandatory: bool = False


def check_application_name(name: str) -> None:
    """Chinese characters, letters, digits and underscores."""
    if _NAME.fullmatch(name) is None:
        raise InvalidParameter(
            "name",
            f"1 to {MAX_NAME} Chinese characters, letters, digits or underscores, without blanks",
        )


def check_labels(labels: Mapping[str, str]) -> None:
    """Keys, values and how many."""
    if len(labels) > MAX_LABELS:
        raise InvalidParameter("labels", f"an application has at most {MAX_LABELS}; remove some")
    allowed = "letters, Chinese characters, digits or _ . : / = + - @"
    for key, value in labels.items():
        if not 1 <= len(key) <= MAX_LABEL_KEY or _LABEL.fullmatch(key) is None:
            raise InvalidParameter("labels", f"a key has 1 to {MAX_LABEL_KEY} {allowed}")
        if len(value) > MAX_LABEL_VALUE or _LABEL.fullmatch(value) is None:
            raise InvalidParameter("labels", f"a value has up to {MAX_LABEL_VALUE} {allowed}")


def relabelled(labels: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The labels after `changes`, of which None removes one."""
    wanted = {**labels, **changes}
    return {key: value for key, value in wanted.items() if value is not None}


def notes_of(application: Application) -> tuple[Note, ...]:
    """What the application lacks, what is mandatory first (`spec/console.md` 3.1)."""
    notes = (
        *_notes_on_messages(application),
        *_notes_on_recording(application),
        *_notes_on_receivers(application),
    )
    return tuple(sorted(notes, key=lambda note: not note.is_mandatory))


def _notes_on_messages(application: Application) -> Iterator[Note]:
    mode = application.mode
    if not application.may_message:
        return
    if mode not in _MODES_WITH_MESSAGES:
        yield Note(
            code="no_messages_in_mode",
            field="may_message",
            text=f"SMS is on, but mode {mode} has no SMS",
        )
    elif mode in _MODES_WITH_CONTROL and not application.sms_control_url:
        yield Note(
            code="sms_control_url_missing",
            field="sms_control_url",
            text=f"SMS is on, but the SMS control URL is empty: mandatory in mode {mode}",
            is_mandatory=True,
        )


def _notes_on_recording(application: Application) -> Iterator[Note]:
    records, is_checked = application.may_record, application.has_voice_check
    if records and not is_checked:
        yield Note(
            code="voice_check_missing",
            field="has_voice_check",
            text="recording is on without voice quality checks: needed before numbers are ordered",
        )
    if is_checked and not records:
        yield Note(
            code="voice_check_without_recording",
            field="may_record",
            text="voice quality checks are on, but nothing is recorded",
        )
    if application.prompts.random_check is not None and not (records and is_checked):
        yield Note(
            code="random_check_unused",
            field="prompts.random_check",
            text="the prompt of random checks needs recording and voice quality checks",
        )


def _notes_on_receivers(application: Application) -> Iterator[Note]:
    if application.pushes_number_state and not application.number_state_receiver:
        yield Note(
            code="number_state_url_missing",
            field="number_state_url",
            text="number states are to be pushed, but there is no URL for them",
            is_mandatory=True,
        )
    for field, what in (("status_url", "call events"), ("cdr_url", "call records")):
        if not getattr(application, field):
            yield Note(
                code=f"{field}_missing",
                field=field,
                text=f"there is no URL for {what}: none are pushed",
            )
