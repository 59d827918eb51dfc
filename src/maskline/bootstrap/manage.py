"""The management API, wired to the services of one process."""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from maskline import __version__
from maskline.api.message_notification import PRIVATE_FIELDS
from maskline.bootstrap.applications import application_endpoints
from maskline.bootstrap.call_rule import call_rule_endpoints
from maskline.bootstrap.complaint import complaint_endpoints
from maskline.bootstrap.delivery import build_trial
from maskline.bootstrap.insight import call_endpoints, insight_endpoints
from maskline.bootstrap.messages import message_endpoints
from maskline.bootstrap.number_life import number_life_endpoints
from maskline.bootstrap.oversight import oversight_endpoints
from maskline.bootstrap.sandbox import sandbox_endpoints
from maskline.manage.app import create_manage
from maskline.manage.code_book import CodeEndpoints
from maskline.manage.condition import ChangeConditions
from maskline.manage.endpoint import Endpoint
from maskline.manage.endpoints import build_endpoints, watched_endpoints
from maskline.manage.guard import Guard
from maskline.manage.health import MetricsEndpoints
from maskline.manage.person import PersonEndpoints
from maskline.manage.reach import Reach
from maskline.manage.reveal import RevealEndpoints
from maskline.manage.version import Versions
from maskline.monitoring.exposition import CONTENT_TYPE
from maskline.services.notice_desk import NoticeDesk
from maskline.services.number_name import NumberNames
from maskline.services.person import PersonFinder
from maskline.services.person_erasure import PersonEraser
from maskline.services.reveal import RevealDesk

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def build_manage(platform: "Platform") -> ASGIApp:
    """The management API of a process."""
    endpoints = manage_endpoints(platform)
    metrics = MetricsEndpoints(platform.metrics.page, CONTENT_TYPE)
    return create_manage(
        door=platform.accounts.door(platform.admin_token),
        endpoints=endpoints,
        watched=watched_endpoints(platform.store, platform.checks, __version__, metrics),
        version=__version__,
        max_body_bytes=platform.settings.manage.max_body_bytes,
        look=Guard(Reach(platform.store), platform.number_tokens).admit,
        porch=platform.accounts.porch,
        recorder=platform.accounts.recorder(endpoints),
        conditions=ChangeConditions(platform.keyed_changes, Versions(endpoints)),
    )


def manage_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """All under `/manage/v1`, wired to the services of a process, which need not run yet."""
    store, clock = platform.store, platform.clock
    trial = build_trial(platform.settings, clock, platform.ids)
    notices = NoticeDesk(store, trial, clock, platform.hint)
    names = NumberNames(store, PRIVATE_FIELDS)
    others = build_endpoints(
        store=store,
        administration=platform.administration,
        calls=platform.stopper,
        clock=clock,
        prompts=platform.prompt_desk,
        recordings=platform.recordings.archive,
        registration=platform.registration,
        tenant_tokens=platform.tenant_tokens,
        notices=notices,
        lockouts=platform.lockouts,
        traces=platform.traces,
        persons=_persons(platform),
        names=names,
        number_tokens=platform.number_tokens,
        others=_others(platform),
    )
    return (*call_endpoints(platform, notices, names), *others)


def _others(platform: "Platform") -> tuple[Endpoint, ...]:
    """What each part of the console adds: a line a part."""
    store, clock = platform.store, platform.clock
    states, tokens = platform.changes.links.states, platform.number_tokens
    return (
        *message_endpoints(store, platform.sms_links, states, clock),
        *sandbox_endpoints(platform),
        *RevealEndpoints(RevealDesk(store, clock), tokens, clock).endpoints(),
        *application_endpoints(platform),
        *platform.accounts.endpoints(),
        *insight_endpoints(platform),
        *platform.jobs.endpoints(tokens),
        *number_life_endpoints(platform),
        *CodeEndpoints().endpoints(),
        *oversight_endpoints(platform),
        *platform.ordering.endpoints(),
        *complaint_endpoints(platform),
        *platform.reports.endpoints(),
        *call_rule_endpoints(store, clock, platform.ids, platform.changes.forget_call_rules),
        *platform.business.endpoints(),
    )


def _persons(platform: "Platform") -> PersonEndpoints:
    eraser = PersonEraser(
        platform.store,
        platform.recordings.archive,
        platform.clock,
        platform.ids,
        platform.erasure_key,
        papers=platform.ordering.papers,
    )
    return PersonEndpoints(PersonFinder(platform.store, platform.clock), eraser)
