import msgspec

from maskline.lab.demo.port import NeededPort, PortTaken, needed_ports
from maskline.lab.demo.text import Language, choose_language
from maskline.settings import HttpSection, Settings


def test_the_demo_needs_http_https_sip_and_two_ports_of_the_lab():
    needed = {(port.port, port.is_udp) for port in needed_ports(Settings())}
    assert needed == {
        (8080, False), (8443, False), (5060, True), (5060, False), (5160, True), (5161, False),
    }  # fmt: skip


def test_without_https_its_port_is_not_needed():
    settings = msgspec.structs.replace(Settings(), http=HttpSection(tls_port=0))
    assert all(port.variable != "MASKLINE_HTTPS_PORT" for port in needed_ports(settings))


def test_a_taken_port_says_which_and_what_moves_it():
    taken = PortTaken(NeededPort("127.0.0.1", 5060, "SIP", "MASKLINE_SIP_PORT", is_udp=True))
    assert str(taken) == (
        "UDP port 5060 (SIP) is in use on 127.0.0.1; "
        "stop what uses it, or set MASKLINE_SIP_PORT to another port"
    )


def test_the_language_follows_the_locale():
    assert choose_language("zh_CN.UTF-8") is Language.CHINESE
    assert choose_language("en_US.UTF-8") is Language.ENGLISH
    assert choose_language(None) is Language.ENGLISH
