import pytest
from tests.unit.protocols.sip.sip_net import Net, Node, Peer


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
def caller(net: Net) -> Node:
    return net.node("192.0.2.1")


@pytest.fixture
def callee(net: Net) -> Node:
    return net.node("192.0.2.2")


@pytest.fixture
def peer(net: Net) -> Peer:
    """A far end the test drives itself."""
    return net.peer("192.0.2.9")
