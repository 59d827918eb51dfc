"""Trunks and our own address in IPv6: in URIs they stand in brackets (RFC 3261 25.1)."""

from dataclasses import replace

from maskline.domain.trunk import Trunk
from maskline.protocols.sip.event import InviteReceived, Rejected
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.uri import SipUri


async def test_numbers_at_an_ipv6_trunk_stand_in_uris_that_can_be_read(stage):
    await stage.bind()
    stage.plane._services = replace(stage.plane._services, sip_host="2001:db8::1")
    callee = Flow("udp", "2001:db8::20", 5060)
    stage.wires.shells[callee] = stage.callee.shell
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)),
        Trunk(name="out", host=callee.host),
    )
    stage.caller.dial()
    invite = (await stage.callee.until(InviteReceived)).request
    assert invite.uri == "sip:+8613900003003@[2001:db8::20]:5060"
    assert SipUri.parse(invite.from_.uri).host == "[2001:db8::1]"
    assert "@[2001:db8::1]>" in invite.headers.get("P-Asserted-Identity")
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    await stage.record()
