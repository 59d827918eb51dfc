import inspect
from pathlib import Path

import msgspec
import pytest

from maskline.settings import (
    ENVIRONMENT,
    SECTIONS,
    PortRange,
    Settings,
    load_with_origins,
    unknown_variables,
)
from maskline.settings_source import SettingsError


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "maskline.toml"
    path.write_text(text)
    return path


def test_without_file_and_environment_the_defaults_listen_on_loopback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    settings = Settings.load({})
    assert (settings.http.bind, settings.http.port, settings.http.tls_port) == (
        "127.0.0.1",
        8080,
        8443,
    )
    assert (settings.sip.bind, settings.sip.port) == ("127.0.0.1", 5060)
    assert settings.demo.lab_port == 5160
    assert settings.media.ports == PortRange(20000, 29999)
    assert settings.store.data_path == Path("var")
    assert settings.delivery.allow_private is False


def test_the_environment_wins_over_the_file(tmp_path: Path):
    path = _file(tmp_path, "[http]\nport = 9000\ntls_port = 0\n[store]\ndata = '/srv/a'\n")
    environ = {"MASKLINE_HTTP_PORT": "9001", "MASKLINE_RTP_PORTS": "30000-30099"}
    settings = Settings.load(environ, path)
    assert (settings.http.port, settings.http.tls_port) == (9001, 0)
    assert settings.store.data_path == Path("/srv/a")
    assert str(settings.media.ports) == "30000-30099"


def test_a_file_is_found_by_its_variable_or_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = _file(tmp_path, "[calls]\nring_timeout_s = 45\n")
    assert Settings.load({"MASKLINE_CONFIG": str(path)}).calls.ring_timeout_s == 45
    monkeypatch.chdir(tmp_path)
    assert Settings.load({}).calls.ring_timeout_s == 45


def test_an_empty_variable_counts_as_not_set():
    assert Settings.load({"MASKLINE_HTTP_PORT": ""}, Path("/dev/null")).http.port == 8080


def test_origins_name_the_line_or_the_variable(tmp_path: Path):
    path = _file(tmp_path, "[sip]\n# a comment\nport = 5070\n")
    _, origins = load_with_origins({"MASKLINE_DATA": "d"}, path)
    assert origins == {"sip.port": f"{path}:3", "store.data": "MASKLINE_DATA"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[http]\nprot = 1\n", ":2: http.prot: unknown setting; did you mean port?"),
        ("[htpt]\nport = 1\n", ":1: htpt: unknown section; did you mean http?"),
        ("[zzzzzz]\n", "known are accounts, api, business, calls"),
        ("http = 1\n", ":1: http: is a section: write [http]"),
        ('[http]\nport = "80"\n', ":2: http.port: expected int, got str"),
        ("[http]\nport = 70000\n", "http.port: expected int <= 65535"),
        ("[api]\nclock_window_s = 86401\n", "api.clock_window_s: expected float <= 86400.0"),
        ("[api]\nnonce_replay = 'on'\n", "api.nonce_replay: expected one of window, off"),
        ("[media]\nengine = 'x'\n", "media.engine: expected one of embedded, rtpengine, none"),
        ("[media]\nports = '9-5'\n", "media.ports: ports must ascend"),
        ("[media]\nports = '2000-2001'\n", "one call needs 4 ports"),
        ("[delivery]\nretry_minutes = []\n", "retry_minutes: expected array of length >= 1"),
        ("[calls]\nhost_name = 'a b'\n", "calls.host_name: expected str matching"),
        ("[tls]\ncert = 'c.pem'\n", ":2: tls.cert: needs tls.key as well"),
        ("[sip]\ntls_port = 5061\n", ":2: sip.tls_port: needs tls.cert"),
        ("[http]\nport = 8443\n", "http.tls_port: is the same port"),
        ("[store]\nurl = 'mysql://u@h/d'\n", ":2: store.url: expected str matching"),
        ("[http]\nbind = '0.0.0.0'\n", ":2: http.bind: needs http.public_url"),
        ("[media]\nengine = 'rtpengine'\n", ":2: media.engine: needs rtpengine.instances"),
        ("[recording]\nstorage = 's3'\n", ":2: recording.storage: needs recording.s3_endpoint"),
        ("[media]\nbind = '0.0.0.0'\n", ":2: media.bind: needs media.advertised_address"),
        ("[media]\nbind = 'here'\n", ":2: media.bind: 'here' is no IP address"),
        (
            "[media]\nadvertised_address = 'voice.example'\n",
            ":2: media.advertised_address: 'voice.example' is no IP address",
        ),
        (
            "[rtpengine]\ninstances = ['10.0.0.1:2222', '10.0.0.2']\n",
            ":2: rtpengine.instances: '10.0.0.2' is not HOST:PORT",
        ),
        ("[sip]\nedges = ['edge.example']\n", ":2: sip.edges: 'edge.example' does not"),
        ("[http\n", "not valid TOML"),
    ],
)
def test_a_wrong_file_says_where_and_what(tmp_path: Path, text: str, expected: str):
    path = _file(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        Settings.load({}, path)
    assert str(caught.value).startswith(str(path)) or expected.startswith("http.tls_port")
    assert expected in str(caught.value)


def test_a_wrong_variable_is_named():
    with pytest.raises(SettingsError, match=r"MASKLINE_SIP_PORT: sip\.port: expected int, got 'x'"):
        Settings.load({"MASKLINE_SIP_PORT": "x"}, Path("/dev/null"))


def test_a_missing_or_unreadable_file_is_an_error(tmp_path: Path):
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        Settings.load({}, tmp_path / "nothing.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xff\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        Settings.load({}, tmp_path / "latin.toml")
    (tmp_path / "huge.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match="larger than"):
        Settings.load({}, tmp_path / "huge.toml")


def test_a_misspelt_variable_is_noticed():
    environ = {"MASKLINE_HTP_PORT": "1", "MASKLINE_FUZZ_SECONDS": "60", "PATH": "/bin"}
    assert unknown_variables(environ) == [("MASKLINE_HTP_PORT", "MASKLINE_HTTP_PORT")]


def test_every_variable_names_a_setting():
    for key in ENVIRONMENT.values():
        section, _, name = key.partition(".")
        assert name in SECTIONS[section].__struct_fields__


def test_every_setting_is_described_in_its_class():
    for section in SECTIONS.values():
        described = (inspect.getdoc(section) or "").splitlines()
        for field in msgspec.structs.fields(section):
            assert any(line.startswith(f"{field.name}: ") for line in described), field.name
