"""Enterprises: for whom numbers are ordered, with the papers that carriers ask for.

`spec/console.md` 4; the numbers in comments are the items there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from maskline.domain.activation import BearerKind, Industry, Nature
from maskline.domain.dossier import Dossier, StateForbids, check_urge
from maskline.domain.error import InvalidParameter

MAX_PAPER_BYTES = 2_000_000
MAX_OTHER_BYTES = 20_000_000
MAX_FILE_NAME = 128


class EnterpriseState(StrEnum):
    """Where the record of an enterprise stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


NEXT: Mapping[EnterpriseState, frozenset[EnterpriseState]] = {
    EnterpriseState.DRAFT: frozenset({EnterpriseState.DRAFT, EnterpriseState.WAITING}),
    EnterpriseState.WAITING: frozenset(
        {EnterpriseState.DRAFT, EnterpriseState.APPROVED, EnterpriseState.REJECTED}
    ),
    EnterpriseState.APPROVED: frozenset({EnterpriseState.DRAFT}),
    EnterpriseState.REJECTED: frozenset(
        {EnterpriseState.DRAFT, EnterpriseState.REJECTED, EnterpriseState.WAITING}
    ),
}
"""Which state may follow which. What is changed of an approved one has to be approved again."""


class PaperKind(StrEnum):
    """What an uploaded file shows."""

    LICENCE = "licence"  # 3
    LEGAL_FRONT = "legal_front"  # 4-6
    LEGAL_BACK = "legal_back"
    AGENT_FRONT = "agent_front"  # 7-8
    AGENT_BACK = "agent_back"
    AGENT_HOLDING = "agent_holding"  # 9
    BEARER_AUTHORITY = "bearer_authority"  # 11
    AUTHORITY = "authority"  # 12
    OTHER = "other"  # 19


OF_AGENT = frozenset({PaperKind.AGENT_FRONT, PaperKind.AGENT_BACK, PaperKind.AGENT_HOLDING})
_NEEDED = tuple(kind for kind in PaperKind if kind is not PaperKind.OTHER)

_STARTS: Mapping[str, tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/bmp": (b"BM",),
    "application/pdf": (b"%PDF-",),
}
_PACKED: Mapping[str, tuple[bytes, ...]] = {
    "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "application/vnd.rar": (b"Rar!\x1a\x07",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An uploaded file without its content; `media_type` is what the content says it is."""

    kind: PaperKind
    object_name: str
    name: str = field(repr=False)
    media_type: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseForm:
    """What is said of an enterprise; empty is not said yet.

    `is_third_party`: the bearer of the service belongs to somebody else, who has to agree. The
    letter of authority is good from `authority_from` to the end of `authority_until`.
    """

    name: str = ""  # 1
    licence_code: str = ""  # 2
    legal_name: str = field(default="", repr=False)  # 4
    agent_name: str = field(default="", repr=False)  # 7
    agent_phone: str = field(default="", repr=False)  # 10
    nature: Nature | None = None
    bearer_kind: BearerKind | None = None  # 13
    bearer_name: str = ""
    is_third_party: bool = False  # 11
    authority_from: date | None = None  # 12
    authority_until: date | None = None
    industry: Industry | None = None  # 14
    other_industry: str = ""
    has_messages: bool = False  # 15
    scene: str = ""  # 16
    script: str = ""  # 17
    callee_source: str = ""  # 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise(Dossier):
    """The record of an enterprise of a tenant."""

    state: EnterpriseState
    form: EnterpriseForm = EnterpriseForm()
    papers: tuple[Paper, ...] = ()

    def expires_at(self, zone: tzinfo) -> datetime | None:
        """When the letter of authority ends: the midnight behind its last day."""
        until = self.form.authority_until
        if until is None:
            return None
        day = until + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)

    def is_expired(self, now: datetime, zone: tzinfo) -> bool:
        """Whether it was approved and its letter of authority is good no more."""
        ends = self.expires_at(zone)
        return self.state is EnterpriseState.APPROVED and ends is not None and ends <= now

    def is_usable(self, now: datetime, zone: tzinfo) -> bool:
        """Whether numbers may be ordered for it."""
        return self.state is EnterpriseState.APPROVED and not self.is_expired(now, zone)

    def paper(self, object_name: str) -> Paper | None:
        """One of its files."""
        return next((one for one in self.papers if one.object_name == object_name), None)

    def edit(self, form: EnterpriseForm, papers: Iterable[Paper], at: datetime) -> "Enterprise":
        """With other words or files; a rejected one keeps its reason. Raises StateForbids."""
        if self.state is EnterpriseState.WAITING:
            raise StateForbids("it waits for its review; withdraw it to change it")
        state = self.state if self.state is EnterpriseState.REJECTED else EnterpriseState.DRAFT
        edited = replace(self._to(state, at), form=form, papers=tuple(papers))
        return replace(edited, reason=self.reason)

    def submit(self, at: datetime) -> "Enterprise":
        """Once it waits for its review. Raises StateForbids."""
        return replace(self._to(EnterpriseState.WAITING, at), urged_at=None)

    def withdraw(self, at: datetime) -> "Enterprise":
        """Taken back before it was reviewed. Raises StateForbids."""
        if self.state is not EnterpriseState.WAITING:
            raise StateForbids(f"it is {self.state}: nothing waits for a review")
        return self._to(EnterpriseState.DRAFT, at)

    def approve(self, at: datetime) -> "Enterprise":
        """Once it was found good. Raises StateForbids."""
        return self._to(EnterpriseState.APPROVED, at)

    def reject(self, reason: str, at: datetime) -> "Enterprise":
        """Once it was refused. Raises StateForbids."""
        if self.state is not EnterpriseState.WAITING:
            raise StateForbids(f"it is {self.state}; only one that waits is reviewed")
        return replace(self._to(EnterpriseState.REJECTED, at), reason=reason)

    def urge(self, at: datetime) -> "Enterprise":
        """Once the review was asked for. Raises StateForbids, UrgedAlready."""
        if self.state is not EnterpriseState.WAITING:
            raise StateForbids(f"it is {self.state}: nothing waits for a review")
        check_urge(self.urged_at, at)
        return replace(self, urged_at=at, revision=self.revision + 1)

    def without_agent(self, at: datetime) -> "Enterprise":
        """Without the person who acted for it: it has to name another one, and be approved."""
        return replace(
            self,
            state=EnterpriseState.DRAFT,
            form=replace(self.form, agent_name="", agent_phone=""),
            papers=tuple(paper for paper in self.papers if paper.kind not in OF_AGENT),
            since=at,
            revision=self.revision + 1,
        )

    def _to(self, state: EnterpriseState, at: datetime) -> "Enterprise":
        if state not in NEXT[self.state]:
            raise StateForbids(f"it is {self.state}; it cannot become {state}")
        return replace(self, state=state, since=at, reason="", revision=self.revision + 1)


def missing_of(enterprise: Enterprise) -> tuple[str, ...]:
    """What has to be there before a review and is not, by the names of fields and papers."""
    form = enterprise.form
    needed = {
        "name": form.name,
        "licence_code": form.licence_code,
        "legal_name": form.legal_name,
        "agent_name": form.agent_name,
        "agent_phone": form.agent_phone,
        "nature": form.nature,
        "bearer_kind": form.bearer_kind,
        "bearer_name": form.bearer_name,
        "authority_from": form.authority_from,
        "authority_until": form.authority_until,
        "industry": form.industry,
        "other_industry": form.industry is not Industry.OTHER or form.other_industry,
        "scene": form.scene,
        "script": form.script,
        "callee_source": form.callee_source,
    }
    there = {paper.kind for paper in enterprise.papers}
    if not form.is_third_party:
        there.add(PaperKind.BEARER_AUTHORITY)
    fields = [name for name, value in needed.items() if not value]
    return (*fields, *(kind.value for kind in _NEEDED if kind not in there))


def media_type_of(kind: PaperKind, content: bytes) -> str:
    """What an uploaded file is by its content, not by its name.

    Raises InvalidParameter ("file"): too large, empty, or no format for this kind.
    """
    limit = MAX_OTHER_BYTES if kind is PaperKind.OTHER else MAX_PAPER_BYTES
    if len(content) > limit:
        raise InvalidParameter("file", f"is over {limit // 1_000_000} MB; make it smaller")
    known = {**_STARTS, **_PACKED} if kind is PaperKind.OTHER else _STARTS
    for media_type, starts in known.items():
        if content.startswith(starts):
            return media_type
    packed = ", RAR or ZIP" if kind is PaperKind.OTHER else ""
    raise InvalidParameter("file", f"is no JPG, BMP, PNG, GIF or PDF{packed} file by its content")
