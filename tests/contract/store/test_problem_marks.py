"""What people said about problems."""

from dataclasses import replace

from tests.contract.store.making import Make

from maskline.domain.problem import ProblemMark
from maskline.services.store import Store


async def test_a_problem_has_one_mark_for_a_while(empty_store: Store, make: Make):
    known = ProblemMark(
        problem_id="one", app_key="app-1", marked_by="ann", marked_at=make.after(1), note="n"
    )
    muted = replace(known, problem_id="two", marked_at=make.after(2), muted_until=make.after(9))
    for mark in (known, muted):
        await empty_store.save_mark(mark)
    assert await empty_store.marks(10) == (muted, known)
    again = replace(known, marked_by="bob", marked_at=make.after(3))
    await empty_store.save_mark(again)
    assert await empty_store.marks(1) == (again,)
    assert await empty_store.remove_marks(make.after(3), 10) == 1
    assert await empty_store.marks(10) == (again,)
