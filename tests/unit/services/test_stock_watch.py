from pathlib import Path

from tests.unit.services.order_world import OrderWorld

from maskline.services.problem_desk import ProblemDesk
from maskline.services.stock_watch import StockWatch


async def test_operators_are_told_of_a_city_with_too_few_numbers_until_there_are_enough(
    tmp_path: Path,
):
    world = await OrderWorld(tmp_path).open()
    await world.fill_stock(1, 2)
    watch = StockWatch(world.store, world.clock, {"0755": 3, "010": 0})
    assert (await watch.look(), await watch.look()) == (1, 1)
    desk, since = ProblemDesk(world.store, world.clock), world.clock.now()
    [problem] = await desk.problems(None, since)
    assert (problem.kind, problem.cause, problem.count) == ("stock", "0755", 1)
    assert await desk.problems(("app-left",), since) == ()
    await world.fill_stock(3)
    assert await watch.look() == 0
    assert await StockWatch(world.store, world.clock, {}).look() == 0
