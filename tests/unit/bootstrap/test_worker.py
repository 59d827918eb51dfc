import pytest
from msgspec.structs import replace

from maskline.bootstrap.supervisor import METRICS_PORT, plan_workers
from maskline.bootstrap.worker import Share, share_settings, worker_name
from maskline.domain.error import PlatformError
from maskline.settings import CallsSection, PortRange, Settings


@pytest.fixture
def settings():
    return Settings(calls=CallsSection(host_name="voice"))


def changed(settings, **sections):
    return replace(
        settings,
        **{name: replace(getattr(settings, name), **keys) for name, keys in sections.items()},
    )


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1/65", "1/100", "a/b", "1", "1/2/3", "-1/2"])
def test_a_share_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="expected K/N, such as 1/4, with N at most 64"):
        Share.parse(text)


def test_each_worker_has_a_name_and_ports_of_its_own(settings):
    settings = changed(settings, sip={"tls_port": 5080}, media={"ports": PortRange(20000, 20021)})
    shared = [share_settings(settings, Share(k, 2)) for k in (1, 2)]
    assert [one.calls.host_name for one in shared] == ["voice-1", "voice-2"]
    assert [(one.sip.port, one.sip.tls_port) for one in shared] == [(5060, 5080), (5061, 5081)]
    assert [str(one.media.ports) for one in shared] == ["20000-20007", "20008-20015"]
    assert all(one.workers.shares_http_ports for one in shared)


def test_each_worker_shows_its_metrics_on_a_port_of_its_own(settings):
    assert share_settings(settings, Share(2, 2)).metrics.port == 0
    plans = plan_workers({frozenset({"api"}): 2, frozenset({"call"}): 2}, 9464)
    ports: list[int] = []
    for plan in plans:
        first = int(plan.variables[METRICS_PORT])
        share = Share.parse(plan.command[plan.command.index("--worker") + 1])
        set_so = changed(settings, metrics={"port": first})
        ports.append(share_settings(set_so, share).metrics.port)
    assert ports == [9464, 9465, 9466, 9467]


def test_the_only_worker_keeps_all_ports_for_itself(settings):
    one = share_settings(settings, Share.parse("1/1"))
    assert one.media.ports == settings.media.ports
    assert not one.workers.shares_http_ports
    assert one.sip == settings.sip


def test_a_worker_drives_rtpengine_daemons_of_its_own(settings):
    daemons = ("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3")
    settings = changed(
        settings,
        media={"engine": "rtpengine"},
        rtpengine={"instances": daemons, "recording_dir": "/var/spool/rtpengine"},
    )
    shared = [share_settings(settings, Share(k, 2)).rtpengine for k in (1, 2)]
    assert [one.instances for one in shared] == [daemons[::2], daemons[1:2]]
    assert shared[1].dtmf_port == shared[0].dtmf_port + 1
    assert shared[1].recording_dir == "/var/spool/rtpengine/2"
    with pytest.raises(PlatformError, match="4 call workers need at least as many daemons"):
        share_settings(settings, Share(4, 4))


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"sip": {"tls_port": 5062}}, "too near for 3 workers"),
        ({"sip": {"port": 65534}}, "too high for 3 workers"),
        ({"metrics": {"port": 65534}}, "too high for 3 workers"),
        ({"media": {"ports": PortRange(20000, 20010)}}, "too few for 3 workers"),
    ],
)
def test_ports_that_cannot_be_shared_out_are_refused(settings, sections, message):
    with pytest.raises(PlatformError, match=message):
        share_settings(changed(settings, **sections), Share(1, 3))


def test_workers_are_named_by_what_they_do():
    names = [
        worker_name(planes, 2)
        for planes in ({"api", "manage"}, {"call"}, {"delivery"}, {"api", "call"}, {"api"})
    ]
    assert names == ["api-2", "call-2", "delivery-2", "worker-2", "api-2"]
