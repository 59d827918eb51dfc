"""Every endpoint of the management API, in the order in which paths are tried."""

from collections.abc import Callable, Mapping, Sequence

from maskline.manage.directory import DirectoryEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.manage.health import HealthEndpoints, MetricsEndpoints
from maskline.manage.lockout import LockoutEndpoints
from maskline.manage.notice import NoticeEndpoints
from maskline.manage.person import PersonEndpoints
from maskline.manage.prompt import PromptEndpoints
from maskline.manage.receiver import ReceiverEndpoints
from maskline.manage.recording import RecordingEndpoints
from maskline.manage.registration import RegistrationEndpoints
from maskline.manage.tenant_token import TenantTokenEndpoints
from maskline.manage.trace import TraceEndpoints
from maskline.manage.traffic import CallControl, TrafficEndpoints
from maskline.services.administration import Administration
from maskline.services.clock import Clock
from maskline.services.lockout import Lockout
from maskline.services.notice_desk import NoticeDesk
from maskline.services.number_name import NumberNames
from maskline.services.number_token import NumberTokens
from maskline.services.prompt_desk import PromptDesk
from maskline.services.readiness import Readiness
from maskline.services.recording_archive import RecordingArchive
from maskline.services.registration import RegistrationDesk
from maskline.services.store import Store
from maskline.services.tenant_token import TenantTokens
from maskline.services.trace import TraceDesk


def build_endpoints(
    *,
    store: Store,
    administration: Administration,
    calls: CallControl,
    clock: Clock,
    prompts: PromptDesk | None = None,
    recordings: RecordingArchive | None = None,
    registration: RegistrationDesk | None = None,
    tenant_tokens: TenantTokens | None = None,
    notices: NoticeDesk | None = None,
    lockouts: Mapping[str, Lockout] | None = None,
    traces: TraceDesk | None = None,
    persons: PersonEndpoints | None = None,
    names: NumberNames | None = None,
    number_tokens: NumberTokens | None = None,
    others: Sequence[Endpoint] = (),
) -> tuple[Endpoint, ...]:
    """All under `/manage/v1`; of what is not given there are none. `others` come last."""
    return (
        *DirectoryEndpoints(store, administration).endpoints(),
        # Before the call itself, whose id may hold a slash.
        *(TraceEndpoints(traces).endpoints() if traces is not None else ()),
        *TrafficEndpoints(store, calls, clock).endpoints(),
        *(PromptEndpoints(store, prompts).endpoints() if prompts is not None else ()),
        *(RecordingEndpoints(recordings).endpoints() if recordings is not None else ()),
        *(
            RegistrationEndpoints(store, registration, number_tokens).endpoints()
            if registration
            else ()
        ),
        *(TenantTokenEndpoints(tenant_tokens).endpoints() if tenant_tokens else ()),
        *(
            NoticeEndpoints(store, notices, names or NumberNames(store)).endpoints()
            if notices
            else ()
        ),
        *(ReceiverEndpoints(notices, administration).endpoints() if notices else ()),
        *(LockoutEndpoints(lockouts, clock).endpoints() if lockouts else ()),
        *(persons.endpoints() if persons is not None else ()),
        *others,
    )


def watched_endpoints(
    store: Store,
    checks: Callable[[], Mapping[str, bool]],
    version: str,
    metrics: MetricsEndpoints | None = None,
) -> tuple[Endpoint, ...]:
    """What monitoring reads at the root: health, and metrics where they are given.

    `checks` gives the readiness of the planes by name.
    """
    health = HealthEndpoints(Readiness(store, checks), version).endpoints()
    return (*health, *(metrics.endpoints() if metrics else ()))
