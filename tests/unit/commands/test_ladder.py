from maskline.commands.ladder import draw


def test_a_call_is_drawn_as_a_ladder():
    steps = [
        {"at_s": 0.0, "where": "A>X", "what": "INVITE"},
        {"at_s": 0.001, "where": "plan", "what": "connect"},
        {"at_s": 0.002, "where": "X>B", "what": "INVITE"},
        {"at_s": 1.5, "where": "B>X", "what": "180 INVITE"},
    ]
    head, invite, plan, onward, ringing = draw(steps).splitlines()
    assert head.split() == ["A", "X", "B"]
    assert invite.startswith("    0.000 |-------- INVITE ")
    assert invite.rstrip("| ").endswith(">")
    assert plan.endswith("* plan: connect")
    assert onward.index("INVITE") > invite.index("INVITE")
    assert "|<" in ringing
