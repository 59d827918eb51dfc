"""The customer's server is asked what to do with a call, while the caller waits (`spec/x.md` 2)."""

import asyncio

from maskline.domain.application import Application
from maskline.domain.plan import Connect, Refuse
from maskline.planes.call.inbox import QuestionSettled
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.ringing import while_ringing


async def ask_customer(live: LiveCall, application: Application) -> Connect | Refuse:
    """What the customer says; a caller who gives up, or a stop, ends the call without it.

    The time is bounded by whoever carries the question. Raises BusyError, StoreFailed.
    """
    journal, services = live.journal, live.services
    if journal is None:
        raise RuntimeError("a call without a journal was asked about")
    journal.asked_customer()
    question = asyncio.create_task(services.customers.decide(application, journal.call))
    question.add_done_callback(lambda done: _settled(live, done))
    try:
        while not question.done():
            event = await live.inbox.next(None)
            if event is not None:
                await while_ringing(live, event)
        return await question
    finally:
        question.cancel()


def _settled(live: LiveCall, question: asyncio.Task[Connect | Refuse]) -> None:
    if not question.cancelled():
        question.exception()  # seen, also where nobody waits for it any more
    live.inbox.post(QuestionSettled())
