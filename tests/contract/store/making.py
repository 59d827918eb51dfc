from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from maskline.domain.access import CallerKind, Right
from maskline.domain.access import Role as AccountRole
from maskline.domain.account import AccountLink, LinkPurpose, Session, User
from maskline.domain.api_token import ApiToken
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.audit import AuditEvent
from maskline.domain.binding import AxbBinding, Role, XyRelation, YbBinding
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.job import Job, JobKind, JobState
from maskline.domain.message import (
    CameSegment,
    Message,
    MessagePart,
    MessageState,
    PartState,
    SendResult,
)
from maskline.domain.notice import AcceptedTry, Endpoint, Notice, Purpose
from maskline.domain.prompt import Prompt, PromptAudio
from maskline.domain.recording import CallRecording, Recording
from maskline.domain.registrant import NumberType, Registrant, Report, ReportFile, ReportStatus
from maskline.domain.release import ReleaseCode
from maskline.domain.tenant_token import TenantToken
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.idempotency_store import KeyedBind, KeyedChange

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)


class Make:
    """Values that differ where they must and are plain elsewhere."""

    now = NOW
    tenant_id = "tenant-1"
    app_key = "app-1"
    x = "+8617000000001"
    origin = "https://one.example"

    def __init__(self) -> None:
        self._next = count(1)

    def after(self, seconds: float) -> datetime:
        return NOW + timedelta(seconds=seconds)

    def tenant(self, tenant_id: str = tenant_id, **changes: Any) -> Tenant:
        return replace(Tenant(tenant_id=tenant_id, name="Taxi", created_at=NOW), **changes)

    def application(self, app_key: str = app_key, **changes: Any) -> Application:
        plain = Application(
            app_key=app_key,
            tenant_id=self.tenant_id,
            name="rides",
            mode=Mode.AXB,
            secret=f"secret of {app_key}",
            created_at=NOW,
        )
        return replace(plain, **changes)

    def number(self, number: str = x, **changes: Any) -> VirtualNumber:
        plain = VirtualNumber(number=number, app_key=self.app_key, area_code="0755", created_at=NOW)
        return replace(plain, **changes)

    def binding(self, a: str | None = None, b: str | None = None, **changes: Any) -> AxbBinding:
        this = next(self._next)
        plain = AxbBinding(
            binding_id=f"binding-{this}",
            app_key=self.app_key,
            x=self.x,
            a=a or f"+86139{this:08}",
            b=b or f"+86138{this:08}",
            created_at=NOW,
            modified_at=NOW,
        )
        return replace(plain, **changes)

    def job(self, **changes: Any) -> Job:
        plain = Job(
            job_id=f"job-{next(self._next):03}",
            kind=JobKind.EXPORT,
            state=JobState.QUEUED,
            owner="ann",
            owner_id="user-1",
            tenant_id=self.tenant_id,
            order=b'{"kind":"records"}',
            created_at=NOW,
        )
        return replace(plain, **changes)

    def expiring(self, seconds: int, a: str | None = None, b: str | None = None) -> AxbBinding:
        return self.binding(a, b, duration_s=seconds, expires_at=self.after(seconds))

    def shared(self, a: str | None = None, **changes: Any) -> dict[str, Any]:
        """The fields that bindings of every mode have."""
        this = next(self._next)
        plain = {
            "binding_id": f"binding-{this}",
            "app_key": self.app_key,
            "x": self.x,
            "a": a or f"+86139{this:08}",
            "created_at": NOW,
            "modified_at": NOW,
        }
        return plain | changes

    def relation(self, a: str | None = None, *, life: int = 0, since: float = 0) -> XyRelation:
        """An AX part of AXYB without its X, made `since` seconds after now."""
        this = next(self._next)
        return XyRelation(
            binding_id=f"relation-{this}",
            app_key=self.app_key,
            x="",
            a=a or f"+86139{this:08}",
            duration_s=life,
            expires_at=self.after(since + life) if life else None,
            created_at=NOW,
            modified_at=NOW,
        )

    def part(
        self, relation: XyRelation, b: str | None = None, *, life: int = 0, since: float = 0
    ) -> YbBinding:
        """A YB part of AXYB without its Y."""
        this = next(self._next)
        return YbBinding(
            binding_id=f"part-{this}",
            relation_id=relation.binding_id,
            app_key=relation.app_key,
            x=relation.x,
            a=relation.a,
            b=b or f"+86138{this:08}",
            duration_s=life,
            expires_at=self.after(since + life) if life else None,
            created_at=NOW,
            modified_at=NOW,
        )

    def call(self, session_id: str | None = None, **changes: Any) -> Call:
        this = next(self._next)
        plain = Call(
            session_id=session_id or f"session-{this}",
            icid=f"icid-{this}",
            host="host-1",
            app_key=self.app_key,
            tenant_id=self.tenant_id,
            mode=Mode.AXB,
            x=self.x,
            caller="+8613900000001",
            callee="+8613800000002",
            role=Role.A,
            binding_id="binding-1",
            arrived_at=NOW,
        )
        return replace(plain, **changes)

    def record(self, call: Call | None = None, at: datetime | None = None) -> CallRecord:
        end = CallEnd(at=at or self.after(60), release=ReleaseCode.NORMAL)
        return CallRecord(call=call or self.call(), end=end)

    def sound(self, text: str = "one") -> bytes:
        return f"RIFF {text}".encode()

    def audio(self, sound: bytes) -> PromptAudio:
        return PromptAudio(
            digest=sha256(sound).hexdigest(), size=len(sound), duration_ms=10 * len(sound)
        )

    def prompt(self, name: str = "wait.wav", sound: bytes | None = None, **changes: Any) -> Prompt:
        plain = Prompt(
            app_key=self.app_key,
            name=name,
            submitted=self.audio(self.sound() if sound is None else sound),
            created_at=NOW,
            modified_at=NOW,
        )
        return replace(plain, **changes)

    def call_recording(self, object_name: str = "one.wav") -> CallRecording:
        return CallRecording(
            object_name=object_name, bucket="bucket", domain="here.example", started_at=NOW
        )

    def recording(self, object_name: str | None = None, **changes: Any) -> Recording:
        this = next(self._next)
        plain = Recording(
            object_name=object_name or f"recording-{this}.wav",
            bucket="bucket",
            domain="here.example",
            app_key=self.app_key,
            tenant_id=self.tenant_id,
            session_id=f"session-{this}",
            started_at=NOW,
            expires_at=self.after(86_400),
        )
        return replace(plain, **changes)

    def report_file(self, name: str | None = None, **changes: Any) -> ReportFile:
        this = next(self._next)
        plain = ReportFile(
            tenant_id=self.tenant_id, name=name or f"{this}.jpg", size=3, created_at=NOW
        )
        return replace(plain, **changes)

    def registrant(self, number: str | None = None, **changes: Any) -> Registrant:
        """Without a photo unless `photo` says so."""
        report = Report(
            number=number or f"+86137{next(self._next):08}",
            number_type=NumberType.MOBILE,
            name="王小明",
            identity_card="11010519491231002X",
            photo=changes.pop("photo", None),
        )
        plain = Registrant(
            tenant_id=self.tenant_id,
            report=report,
            status=ReportStatus.WAITING,
            submitted_at=NOW,
        )
        return replace(plain, **changes)

    def tenant_token(self, **changes: Any) -> TenantToken:
        this = next(self._next)
        plain = TenantToken(
            token_id=f"token-{this}",
            tenant_id=self.tenant_id,
            digest=sha256(str(this).encode()).digest(),
            created_at=NOW,
            expires_at=self.after(3600),
        )
        return replace(plain, **changes)

    def user(self, **changes: Any) -> User:
        this = next(self._next)
        plain = User(
            user_id=f"user-{this}",
            tenant_id=self.tenant_id,
            login=f"person{this}@shop.example",
            name="王小明",
            role=AccountRole.ADMINISTRATOR,
            password="$argon2id$...",
            created_at=NOW,
        )
        return replace(plain, **changes)

    def account_link(self, **changes: Any) -> AccountLink:
        this = next(self._next)
        plain = AccountLink(
            link_id=f"link-{this}",
            digest=sha256(f"link {this}".encode()).digest(),
            purpose=LinkPurpose.INVITATION,
            tenant_id=self.tenant_id,
            role=AccountRole.SUPPORT,
            login=f"invited{this}@shop.example",
            name="李雷",
            made_by="owner@shop.example",
            created_at=NOW,
            expires_at=self.after(3600),
        )
        return replace(plain, **changes)

    def audit_event(self, at: float = 0, **changes: Any) -> AuditEvent:
        plain = AuditEvent(
            at=self.after(at),
            kind=CallerKind.USER,
            name="owner@shop.example",
            user_id="user-1",
            address="192.0.2.7",
            action="change_application",
            method="PATCH",
            target="/applications/app-1",
            tenant_id=self.tenant_id,
            before=b'{"name":"rides"}',
            after=b'{"name":"trips"}',
        )
        return replace(plain, **changes)

    def api_token(self, **changes: Any) -> ApiToken:
        this = next(self._next)
        plain = ApiToken(
            token_id=f"token-{this}",
            digest=sha256(f"token {this}".encode()).digest(),
            name="reports",
            tenant_id=self.tenant_id,
            user_id="user-1",
            rights=frozenset({Right.CALL_READ, Right.STATISTICS_READ}),
            created_at=NOW,
            expires_at=self.after(3600),
        )
        return replace(plain, **changes)

    def session(self, user_id: str, **changes: Any) -> Session:
        this = next(self._next)
        plain = Session(
            session_id=f"session-{this}",
            digest=sha256(f"cookie {this}".encode()).digest(),
            user_id=user_id,
            created_at=NOW,
            used_at=NOW,
            expires_at=self.after(7 * 86400),
            stepped_up_until=self.after(900),
            address="192.0.2.7",
            user_agent="Firefox",
        )
        return replace(plain, **changes)

    def notice(self, stream: str = "session-1", **changes: Any) -> Notice:
        this = next(self._next)
        plain = Notice(
            notice_id=f"notice-{this}",
            stream=stream,
            app_key=self.app_key,
            purpose=Purpose.STATUS,
            origin=self.origin,
            body=f"body {this}".encode(),
            created_at=NOW,
        )
        return replace(plain, **changes)

    def accepted(self, seconds: float = 0) -> AcceptedTry:
        """A try that was accepted so many seconds after now."""
        url = "https://one.example/status"
        return AcceptedTry(at=self.after(seconds), url=url, status=204, took_s=0.012, notices=1)

    def message(self, message_id: str | None = None, **changes: Any) -> Message:
        """One that waits to be forwarded."""
        this = next(self._next)
        plain = Message(
            message_id=message_id or f"message-{this}",
            app_key=self.app_key,
            tenant_id=self.tenant_id,
            mode=Mode.AXB,
            x=self.x,
            sender="+8613900000001",
            text="到了",
            link="centre",
            connection="connection-1",
            digest=sha256(str(this).encode()).digest(),
            came_at=NOW,
            state=MessageState.WAITING,
            binding_id="binding-1",
            role=Role.A,
            receiver="+8613800000002",
            outgoing="到了",
            reference=this,
            due_at=NOW,
        )
        return replace(plain, **changes)

    def ended(
        self, message: Message | None = None, at: datetime | None = None, **changes: Any
    ) -> Message:
        """One that is over, with one part sent."""
        ended = (message or self.message()).ended(SendResult.SUCCESS, at or NOW)
        return replace(ended, **({"total": 1, "sent": 1} | changes))

    def message_part(self, number: int = 1, **changes: Any) -> MessagePart:
        plain = MessagePart(
            number=number,
            link="centre",
            state=PartState.TAKEN,
            centre_id=f"centre-id-{next(self._next)}",
            changed_at=NOW,
        )
        return replace(plain, **changes)

    def segment(self, number: int = 1, **changes: Any) -> CameSegment:
        plain = CameSegment(
            sender="+8613900000001",
            x=self.x,
            reference=7,
            total=3,
            number=number,
            text=f"part {number}",
            link="centre",
            came_at=NOW,
        )
        return replace(plain, **changes)

    def keyed_bind(self, key: str = "order 1", **changes: Any) -> KeyedBind:
        this = next(self._next)
        plain = KeyedBind(
            app_key=self.app_key,
            key=key,
            request=f"request {this}".encode(),
            binding_id=f"binding-{this}",
            created_at=NOW,
        )
        return replace(plain, **changes)

    def keyed_change(self, key: str = "form 1", **changes: Any) -> KeyedChange:
        this = next(self._next)
        plain = KeyedChange(
            caller="user:tenant:ann",
            key=key,
            request=f"request {this}".encode(),
            attempt=f"attempt-{this}",
            created_at=NOW,
        )
        return replace(plain, **changes)

    def endpoint(self, app_key: str = app_key, purpose: Purpose = Purpose.STATUS) -> Endpoint:
        return Endpoint(app_key=app_key, purpose=purpose)
