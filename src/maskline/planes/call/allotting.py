"""A call of AXYB whose caller is given a Y first (`spec/axyb.md` 6.1)."""

from maskline.domain.binding import Role
from maskline.domain.error import AlreadyBound, NumberPoolExhausted, UnknownRecord
from maskline.domain.plan import AllotY, Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.planes.call.live_call import LiveCall
from maskline.services.allotment import Allotment, NewPart, near
from maskline.services.routing import RoutedCall, route_call


async def allot_y(live: LiveCall, routed: RoutedCall, plan: AllotY) -> Connect | Refuse:
    """What to do with the call once its caller has a Y, or cannot be given one.

    Another call of the same caller may have been faster, and the relation may have ended: what
    counts is what the call finds afterwards. A caller who still has no Y then is refused.
    """
    services = live.services
    allotment = Allotment(services.store, services.clock, services.ids)
    try:
        relation = await allotment.relation(routed.application, plan.relation_id)
        part = NewPart(b=live.caller_number, choice=near(routed.number))
        await allotment.allot(routed.application, relation, part)
    except NumberPoolExhausted:
        return _without_y(plan)
    except (AlreadyBound, UnknownRecord):
        pass
    again = await route_call(
        services.store,
        services.directory,
        services.clock,
        x=live.dialled,
        caller=live.caller_number,
    )
    if again is not None and isinstance(again.plan, Connect | Refuse):
        return again.plan
    return _without_y(plan)


def _without_y(plan: AllotY) -> Refuse:
    return Refuse(
        release=ReleaseCode.NO_Y_LEFT,
        binding_id=plan.relation_id,
        role=Role.B,
        user_data=plan.user_data,
    )
