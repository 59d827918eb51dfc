"""Everything an operator can set: `maskline.toml`, overlaid by a few environment variables.

Each section is one frozen class; the field's docstring entry says the unit, the name says it too,
and 0 means what the entry says. `maskline config show` prints the effective values.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from maskline.settings_accounts import AccountsSection
from maskline.settings_address import is_host_and_port, is_ip_address
from maskline.settings_business import BusinessSection
from maskline.settings_journal import JournalSection
from maskline.settings_log import LogSection
from maskline.settings_messages import MessagesSection
from maskline.settings_monitoring import (
    MetricsSection,
    RetentionSection,
    StatisticsSection,
    TraceSection,
)
from maskline.settings_nats import NatsSection
from maskline.settings_numbers import NumbersSection, is_zone
from maskline.settings_ordering import OrderingSection, read_stock_warning
from maskline.settings_sandbox import SandboxSection
from maskline.settings_source import Given, SettingsError, read_file
from maskline.settings_store import StoreSection
from maskline.settings_workers import WorkersSection

Port = Annotated[int, Meta(ge=1, le=65535)]
OptionalPort = Annotated[int, Meta(ge=0, le=65535)]
Count = Annotated[int, Meta(ge=0)]
PositiveCount = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(ge=0)]
PositiveSeconds = Annotated[float, Meta(gt=0)]
KeySeconds = Annotated[float, Meta(gt=0, le=120)]
Minutes = Annotated[float, Meta(gt=0)]
Days = Annotated[float, Meta(ge=0, le=36_500)]

DEFAULT_FILE = "maskline.toml"
RTP_PORTS_PER_CALL = 4  # RTP and RTCP towards each of the two parties


@dataclass(frozen=True, slots=True)
class PortRange:
    """UDP ports `first` to `last`, both included; written `20000-29999`."""

    first: int
    last: int

    @staticmethod
    def parse(text: str) -> "PortRange":
        """Read `FIRST-LAST`. Raises ValueError with a sentence that says what is wrong."""
        match = re.fullmatch(r"\s*(\d{1,5})\s*-\s*(\d{1,5})\s*", text)
        if match is None:
            raise ValueError("expected FIRST-LAST, such as 20000-29999")
        first, last = int(match[1]), int(match[2])
        if not 1024 <= first <= last <= 65535:
            raise ValueError("ports must ascend within 1024-65535")
        if last - first + 1 < RTP_PORTS_PER_CALL:
            raise ValueError(f"one call needs {RTP_PORTS_PER_CALL} ports")
        return PortRange(first, last)

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class HttpSection(Struct, frozen=True, kw_only=True):
    """Where the REST, management and health interfaces listen.

    bind: address to listen on; loopback unless told otherwise.
    port: plain HTTP.
    tls_port: HTTPS; 0 switches it off. Without `[tls]` files it is served in the demo only, with a
        self-signed certificate.
    max_connections: connections at once; more are answered 503.
    keep_alive_s: how long an idle connection is kept.
    shutdown_s: how long requests in progress may take at a stop.
    trusted_proxies: networks whose `X-Forwarded-For` is believed; empty believes nobody.
    public_url: how customers reach this server, for links in call records and answers, such as
        `https://voice.example.com`. Empty takes the address and port bound; needed when `bind` is
        0.0.0.0.
    """

    bind: str = "127.0.0.1"
    port: Port = 8080
    tls_port: OptionalPort = 8443
    max_connections: PositiveCount = 2000
    keep_alive_s: PositiveSeconds = 75.0
    shutdown_s: PositiveSeconds = 5.0
    trusted_proxies: tuple[str, ...] = ()
    public_url: Annotated[str, Meta(pattern=r"^(https?://[^/?#\s]+)?$")] = ""


class TlsSection(Struct, frozen=True, kw_only=True):
    """The certificate of HTTPS and of SIP over TLS, PEM files; both or none.

    cert: chain, leaf first. Empty: none.
    key: private key. Empty: none.
    trunk_ca: authorities that may vouch for TLS trunks, PEM file. Empty: those of the system.
    """

    cert: str = ""
    key: str = ""
    trunk_ca: str = ""


class ManageSection(Struct, frozen=True, kw_only=True):
    """The management API under `/manage/v1`.

    admin_token: bearer token of the operator. Empty: one is made at the first start and kept in
        `admin.token` (mode 0600) under the data directory.
    max_body_bytes: largest request body.
    max_numbers_per_request: virtual numbers added at once.
    import_rows_per_day: rows of spreadsheets that one tenant may have checked in a day of UTC; 0
        means no limit.
    """

    admin_token: str = ""
    max_body_bytes: PositiveCount = 4_000_000
    max_numbers_per_request: PositiveCount = 1_000
    import_rows_per_day: Count = 500_000


class ApiSection(Struct, frozen=True, kw_only=True):
    """The compatible REST interface.

    clock_window_s: how far a request's `Created` may be from our clock, either way; at most a day.
    nonce_replay: `window` lets a signed request in once, `off` as often as it comes while its
        `Created` is within `clock_window_s`.
    nonce_cache: signed requests remembered per application for that, at most.
    lockout_failures: failed authentications of one address before it is locked out; 0 never.
    lockout_s: how long it is.
    address_requests_per_s: requests of one address; 0 means no limit.
    idempotency_keep_s: how long a bind, or a change by the management API, is answered the
        same under its `Idempotency-Key`.
    idempotency_keys: such keys of binds of one application; with as many it gets the flow control
        answer.
    max_body_bytes: largest request body.
    """

    clock_window_s: Annotated[float, Meta(gt=0, le=86_400)] = 300.0
    nonce_replay: Literal["window", "off"] = "window"
    nonce_cache: PositiveCount = 2_000_000
    lockout_failures: Count = 100
    lockout_s: PositiveSeconds = 1800.0
    address_requests_per_s: Count = 0
    idempotency_keep_s: PositiveSeconds = 86_400.0
    idempotency_keys: PositiveCount = 1_000_000
    max_body_bytes: PositiveCount = 65_536


class SipSection(Struct, frozen=True, kw_only=True):
    """The SIP side towards carriers.

    bind: address to listen on.
    port: UDP and TCP.
    tls_port: SIP over TLS; 0 switches it off.
    advertised_address: what Via and Contact say; empty takes `bind`. Needed behind NAT and when
        `bind` is 0.0.0.0.
    max_message_bytes: largest message.
    max_connections: TCP and TLS connections at once.
    idle_connection_s: when a connection without traffic is closed.
    edges: networks of the SIP edges in front of this worker, which say in `X-Maskline-Source` whom
        a request is of; empty believes nobody.
    new_calls_per_s: INVITEs accepted per second from all trunks; 0 means no limit.
    ping_interval_s: how often a trunk that is quiet gets an OPTIONS; 0 sends none, and a trunk that
        failed is then tried again when its penalty of 30 s is over.
    t1_ms: RFC 3261 17.1.1.1, the round-trip estimate all SIP timers follow.
    """

    bind: str = "127.0.0.1"
    port: Port = 5060
    tls_port: OptionalPort = 0
    advertised_address: str = ""
    max_message_bytes: Annotated[int, Meta(ge=2048, le=65535)] = 65_535
    max_connections: PositiveCount = 1000
    idle_connection_s: PositiveSeconds = 3600.0
    edges: tuple[str, ...] = ()
    new_calls_per_s: Count = 0
    ping_interval_s: Seconds = 30.0
    t1_ms: PositiveCount = 500


class MediaSection(Struct, frozen=True, kw_only=True):
    """Speech between the parties.

    engine: `embedded` relays RTP in a process of its own, `rtpengine` drives rtpengine daemons,
        `none` connects signalling only.
    bind: address RTP is received on.
    advertised_address: what SDP says; empty takes `bind`.
    ports: UDP ports to use, four a call.
    loss_s: a party that should send and is silent this long has lost its media; 0 never.
    quarantine_s: how long ports of an ended call stay unused.
    learn: where a party's media may come from besides the address and port it negotiated.
        `address` also takes any port of that address; `anywhere` any address within the first
        seconds, for parties behind NAT; `nowhere` nothing else.
    start_s: both parties silent from the answer on for this long is lost media too; 0 never.
    """

    engine: Literal["embedded", "rtpengine", "none"] = "embedded"
    bind: str = "127.0.0.1"
    advertised_address: str = ""
    ports: PortRange = PortRange(20000, 29999)
    loss_s: Seconds = 20.0
    quarantine_s: Seconds = 2.0
    learn: Literal["nowhere", "address", "anywhere"] = "address"
    start_s: Seconds = 60.0


class RtpengineSection(Struct, frozen=True, kw_only=True):
    """The daemons behind `media.engine = "rtpengine"`.

    instances: the ng address of each daemon, `HOST:PORT`.
    listen_address: where we hear of pressed keys and of calls that a daemon gave up.
    dtmf_port: UDP port of `--dtmf-log-dest`.
    teardown_port: TCP port of `--b2b-url`.
    recording_dir: the daemons' `--recording-dir`, as this process sees it. Empty: no recording.
        What is there is not encrypted until the call ends: put it on a memory file system.
    ping_interval_s: how often a daemon is asked whether it lives; three misses are too many.
    survives_restart: the daemons keep their calls in redis, so a restart is no reason to end them.
    """

    instances: tuple[str, ...] = ()
    listen_address: str = "127.0.0.1"
    dtmf_port: Port = 22224
    teardown_port: Port = 22225
    recording_dir: str = ""
    ping_interval_s: PositiveSeconds = 1.0
    survives_restart: bool = False


class PromptSection(Struct, frozen=True, kw_only=True):
    """Voice files of applications.

    max_upload_bytes: largest file that may be uploaded.
    needs_review: a new prompt is heard only once somebody approved it.
    shared_dir: where sounds are laid down for a media daemon of another user: made readable by
        everybody, so put nothing else there. Empty: under the data directory, for us alone.
    """

    max_upload_bytes: PositiveCount = 20_000_000
    needs_review: bool = True
    shared_dir: str = ""


class RecordingSection(Struct, frozen=True, kw_only=True):
    """Recordings of calls, encrypted at rest.

    storage: `local` keeps them under the data directory, `s3` in a bucket.
    domain: what call records say as `recordDomain`; empty takes `calls.host_name`.
    channels: `mono` mixes both parties, `stereo` gives each a channel.
    cipher: what seals the files.
    retention_days: how long recordings of new tenants are kept.
    link_days: how long a download link is good.
    when_failing: a call whose recording cannot be started, or breaks, is ended, or goes on without.
    s3_endpoint: host and port of the S3 service, with `https://` or `http://`.
    s3_bucket: bucket there.
    s3_region: its region; empty where the service has none.
    s3_access_key: access key.
    s3_secret_key: secret key. Better given by environment.
    """

    storage: Literal["local", "s3"] = "local"
    domain: Annotated[str, Meta(pattern=r"^[0-9A-Za-z.-]{0,128}$")] = ""
    channels: Literal["mono", "stereo"] = "mono"
    cipher: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"
    retention_days: Annotated[int, Meta(ge=1, le=3650)] = 7
    link_days: Annotated[int, Meta(ge=1, le=365)] = 3
    when_failing: Literal["end", "continue"] = "end"
    s3_endpoint: str = ""
    s3_bucket: str = ""
    s3_region: str = ""
    s3_access_key: str = ""
    s3_secret_key: str = ""


class RegistrationSection(Struct, frozen=True, kw_only=True):
    """Registering the actual users of A numbers.

    needs_review: a number that a tenant reports is registered only once an operator accepted it.
    """

    needs_review: bool = False


class CallsSection(Struct, frozen=True, kw_only=True):
    """Calls in general.

    host_name: name of this worker, part of every session id; empty takes the machine's name.
    ring_timeout_s: how long the callee's phone may ring.
    max_calls: calls at once on this worker; more are refused with 503.
    setup_timeout_s: how long a trunk may take for its first provisional answer.
    drain_s: how long live calls may go on after a stop was asked for; 0 ends them at once.
    ask_timeout_s: how long a customer of mode X may take to say what to do with a call.
    extension_answers: AXE: callers are answered before they are asked for an extension, so that
        every network passes their keys on; their own calls are charged from there on. `false`
        asks in early media, which costs them nothing.
    extension_first_key_s: AXE: how long an extension is waited for after the prompt.
    extension_next_key_s: AXE: how long from one key of an extension to the next.
    """

    host_name: Annotated[str, Meta(pattern=r"^[0-9A-Za-z.-]{0,64}$")] = ""
    ring_timeout_s: PositiveSeconds = 90.0
    max_calls: PositiveCount = 10_000
    setup_timeout_s: PositiveSeconds = 4.0
    drain_s: Seconds = 3.0
    ask_timeout_s: PositiveSeconds = 5.0
    extension_answers: bool = False
    extension_first_key_s: KeySeconds = 10.0
    extension_next_key_s: KeySeconds = 5.0


MAX_DELIVERED_DAYS = 31


class DeliverySection(Struct, frozen=True, kw_only=True):
    """Pushing events and call records to customers.

    retry_minutes: waits between tries; after the last the notice is dead.
    timeout_s: a whole try, from resolving the name to the answer.
    allow_private: push to loopback and private addresses. For the demo; elsewhere it lets a
        customer's URL reach into your network.
    max_in_flight: pushes at once.
    max_in_flight_per_endpoint: pushes at once to one receiver of one application.
    poll_interval_s: how often the queue is looked at without a hint.
    merge_window_s: how long a call record may wait for others to be pushed with it.
    disable_after_days: a receiver that accepted nothing for so long is disabled when a notice is
        given up; 0: never.
    dead_retention_days: how long notices that were given up are kept; 0: for ever.
    keep_delivered_days: how long delivered notices, and all tries, are kept for people to look at;
        0: not at all.
    """

    retry_minutes: Annotated[tuple[Minutes, ...], Meta(min_length=1, max_length=20)] = (
        1,
        4,
        9,
        106,
        203,
        300,
    )
    timeout_s: PositiveSeconds = 10.0
    allow_private: bool = False
    max_in_flight: PositiveCount = 512
    max_in_flight_per_endpoint: PositiveCount = 16
    poll_interval_s: PositiveSeconds = 1.0
    merge_window_s: Seconds = 1.0
    disable_after_days: Days = 5.0
    dead_retention_days: Days = 30.0
    keep_delivered_days: Annotated[float, Meta(ge=0, le=MAX_DELIVERED_DAYS)] = 3.0


class DemoSection(Struct, frozen=True, kw_only=True):
    """The demo of `make run`.

    lab_port: first port of the lab's carrier and phones.
    """

    lab_port: Port = 5160


class Settings(Struct, frozen=True, kw_only=True):
    """All sections. Build one with `load`, or in tests by naming sections."""

    http: HttpSection = HttpSection()
    tls: TlsSection = TlsSection()
    manage: ManageSection = ManageSection()
    api: ApiSection = ApiSection()
    sip: SipSection = SipSection()
    media: MediaSection = MediaSection()
    rtpengine: RtpengineSection = RtpengineSection()
    prompts: PromptSection = PromptSection()
    recording: RecordingSection = RecordingSection()
    registration: RegistrationSection = RegistrationSection()
    calls: CallsSection = CallsSection()
    store: StoreSection = StoreSection()
    journal: JournalSection = JournalSection()
    messages: MessagesSection = MessagesSection()
    delivery: DeliverySection = DeliverySection()
    nats: NatsSection = NatsSection()
    workers: WorkersSection = WorkersSection()
    metrics: MetricsSection = MetricsSection()
    trace: TraceSection = TraceSection()
    statistics: StatisticsSection = StatisticsSection()
    retention: RetentionSection = RetentionSection()
    sandbox: SandboxSection = SandboxSection()
    accounts: AccountsSection = AccountsSection()
    numbers: NumbersSection = NumbersSection()
    business: BusinessSection = BusinessSection()
    ordering: OrderingSection = OrderingSection()
    demo: DemoSection = DemoSection()
    log: LogSection = LogSection()

    @staticmethod
    def load(environ: Mapping[str, str], path: Path | None = None) -> "Settings":
        """Read the file, then the environment over it.

        `path` None takes `MASKLINE_CONFIG`, else `maskline.toml` in the working directory if it
        is there. Raises SettingsError.
        """
        return load_with_origins(environ, path)[0]


SECTIONS: dict[str, type[Struct]] = {
    "http": HttpSection,
    "tls": TlsSection,
    "manage": ManageSection,
    "api": ApiSection,
    "sip": SipSection,
    "media": MediaSection,
    "rtpengine": RtpengineSection,
    "prompts": PromptSection,
    "recording": RecordingSection,
    "registration": RegistrationSection,
    "calls": CallsSection,
    "store": StoreSection,
    "journal": JournalSection,
    "messages": MessagesSection,
    "delivery": DeliverySection,
    "nats": NatsSection,
    "workers": WorkersSection,
    "metrics": MetricsSection,
    "trace": TraceSection,
    "statistics": StatisticsSection,
    "retention": RetentionSection,
    "sandbox": SandboxSection,
    "accounts": AccountsSection,
    "numbers": NumbersSection,
    "business": BusinessSection,
    "ordering": OrderingSection,
    "demo": DemoSection,
    "log": LogSection,
}

ENVIRONMENT = {
    "MASKLINE_HTTP_PORT": "http.port",
    "MASKLINE_HTTPS_PORT": "http.tls_port",
    "MASKLINE_TLS_CERT": "tls.cert",
    "MASKLINE_TLS_KEY": "tls.key",
    "MASKLINE_SIP_PORT": "sip.port",
    "MASKLINE_SIP_ADDRESS": "sip.advertised_address",
    "MASKLINE_LAB_PORT": "demo.lab_port",
    "MASKLINE_RTP_PORTS": "media.ports",
    "MASKLINE_MEDIA_ADDRESS": "media.advertised_address",
    "MASKLINE_DATA": "store.data",
    "MASKLINE_MASTER_KEY": "store.master_key",
    "MASKLINE_STORE_URL": "store.url",
    "MASKLINE_ADMIN_TOKEN": "manage.admin_token",
    "MASKLINE_HOST_NAME": "calls.host_name",
    "MASKLINE_S3_ACCESS_KEY": "recording.s3_access_key",
    "MASKLINE_S3_SECRET_KEY": "recording.s3_secret_key",
    "MASKLINE_NATS_TOKEN": "nats.token",
    "MASKLINE_METRICS_PORT": "metrics.port",
    "MASKLINE_LOG_LEVEL": "log.level",
    "MASKLINE_LOG_FORMAT": "log.format",
    "MASKLINE_LOG_FILE": "log.file",
}
"""Variables that override a setting. An empty value counts as not set."""

SECRETS = frozenset(
    {
        "store.master_key",
        "store.url",
        "manage.admin_token",
        "recording.s3_access_key",
        "recording.s3_secret_key",
        "nats.token",
    }
)
"""Settings that are never printed."""


def load_with_origins(
    environ: Mapping[str, str], path: Path | None = None
) -> tuple[Settings, dict[str, str]]:
    """Like `Settings.load`; also tells where each `section.key` that is no default came from."""
    chosen = _chosen_file(environ, path)
    known = {name: section.__struct_fields__ for name, section in SECTIONS.items()}
    given = read_file(chosen, known) if chosen is not None else {}
    for variable, key in ENVIRONMENT.items():
        if environ.get(variable):
            given[key] = Given(environ[variable], variable, is_text=True)
    sections = {name: _build(name, section, given) for name, section in SECTIONS.items()}
    settings = msgspec.convert(sections, Settings)
    _check_together(settings, given)
    return settings, {key: value.origin for key, value in given.items()}


def unknown_variables(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Variables that look like a misspelt one of ours, each with the nearest known name."""
    found: list[tuple[str, str]] = []
    for variable in sorted(environ):
        if variable.startswith("MASKLINE_") and variable not in ENVIRONMENT:
            near = difflib.get_close_matches(variable, ENVIRONMENT, n=1, cutoff=0.8)
            found.extend((variable, name) for name in near)
    return found


def _chosen_file(environ: Mapping[str, str], path: Path | None) -> Path | None:
    if path is not None:
        return path
    if environ.get("MASKLINE_CONFIG"):
        return Path(environ["MASKLINE_CONFIG"])
    default = Path(DEFAULT_FILE)
    return default if default.is_file() else None


def _build(name: str, section: type[Struct], given: Mapping[str, Given]) -> Struct:
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(section):
        key = f"{name}.{field.name}"
        if key in given:
            values[field.name] = _converted(key, given[key], field.type)
    return section(**values)


def _converted(key: str, given: Given, kind: object) -> object:
    try:
        if kind is PortRange:
            return PortRange.parse(str(given.value))
        return msgspec.convert(given.value, kind, strict=not given.is_text)
    except (msgspec.ValidationError, ValueError) as error:
        raise SettingsError(given.origin, key, _reason(error, given, kind)) from error


def _reason(error: Exception, given: Given, kind: object) -> str:
    if get_origin(kind) is Literal:
        return f"expected one of {', '.join(get_args(kind))}"
    detail = str(error).split(" - at ", maxsplit=1)[0].replace("`", "")
    if given.is_text:
        detail = detail.replace("got str", f"got {given.value!r}")
    return detail[:1].lower() + detail[1:]


def _check_together(settings: Settings, given: Mapping[str, Given]) -> None:
    """Rules over more than one setting."""

    def fail(key: str, detail: str) -> None:
        raise SettingsError(given[key].origin if key in given else "", key, detail)

    if bool(settings.tls.cert) != bool(settings.tls.key):
        missing, present = ("key", "cert") if settings.tls.cert else ("cert", "key")
        fail(f"tls.{present}", f"needs tls.{missing} as well")
    if settings.http.tls_port == settings.http.port:
        fail("http.tls_port", "is the same port as http.port")
    if settings.sip.tls_port == settings.sip.port:
        fail("sip.tls_port", "is the same port as sip.port")
    if settings.media.engine == "rtpengine" and not settings.rtpengine.instances:
        fail("media.engine", "needs rtpengine.instances")
    if settings.recording.storage == "s3":
        for name in ("s3_endpoint", "s3_bucket", "s3_access_key", "s3_secret_key"):
            if not getattr(settings.recording, name):
                fail("recording.storage", f"needs recording.{name}")
    if settings.sip.tls_port and not settings.tls.cert:
        fail("sip.tls_port", "needs tls.cert and tls.key")
    if settings.store.pool_min > settings.store.pool_max:
        fail("store.pool_min", "is more than store.pool_max")
    if settings.http.bind in {"0.0.0.0", "::"} and not settings.http.public_url:  # noqa: S104 - tested for, not bound
        fail("http.bind", "needs http.public_url: links in call records would lead nowhere")
    _check_numbers(settings, fail)
    _check_addresses(settings, fail)


def _check_numbers(settings: Settings, fail: Callable[[str, str], None]) -> None:
    """Call `fail` with the key of what says nothing about virtual numbers, and why."""
    if not is_zone(settings.numbers.zone):
        fail("numbers.zone", f"there is no zone {settings.numbers.zone}, such as Asia/Shanghai")
    for warning in settings.ordering.stock_warnings:
        if read_stock_warning(warning) is None:
            fail("ordering.stock_warnings", f"{warning!r} is not CITY:NUMBERS, such as 0755:50")


def _check_addresses(settings: Settings, fail: Callable[[str, str], None]) -> None:
    """Call `fail` with the key of an address that cannot be one, and why."""
    for section in ("sip", "media"):
        part: SipSection | MediaSection = getattr(settings, section)
        if part.bind in {"0.0.0.0", "::"} and not part.advertised_address:  # noqa: S104 - tested for, not bound
            fail(f"{section}.bind", f"needs {section}.advertised_address: peers cannot reach it")
    for name in ("bind", "advertised_address"):
        address = getattr(settings.media, name)
        if address and not is_ip_address(address):
            fail(f"media.{name}", f"{address!r} is no IP address")
    for network in settings.sip.edges:
        try:
            ip_network(network)
        except ValueError as error:
            fail("sip.edges", str(error))
    for instance in settings.rtpengine.instances:
        if not is_host_and_port(instance):
            fail("rtpengine.instances", f"{instance!r} is not HOST:PORT")
