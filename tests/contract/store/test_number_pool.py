from tests.contract.store.making import Make

from maskline.domain.virtual_number import NumberState
from maskline.services.number_pool import CityPool
from maskline.services.store import BindLimits, Store


async def test_the_numbers_of_an_application_are_counted_by_city(store: Store, make: Make):
    await store.add_application(make.application("other"))
    paused = make.number("+8617000000003", state=NumberState.PAUSED)
    await store.add_numbers(
        [
            make.number("+8617000000002"),
            paused,
            make.number("+8617000000004", area_code="010", state=NumberState.BINDING_FROZEN),
            make.number("+8617000000005", app_key="other"),
        ]
    )
    for _ in range(3):
        await store.bind(make.binding(), BindLimits(pairs=9), make.now, None)
    expected = CityPool(area_code="0755", total=3, usable=2, free=1, bound=3, left=4 + 1)
    beijing = CityPool(area_code="010", total=1, usable=0, free=0, bound=0, left=0)
    assert await store.number_pool(make.app_key, 4) == (beijing, expected)
    full = (await store.number_pool(make.app_key, 2))[1]
    assert full.left == 2
    assert await store.number_pool("nobody", 4) == ()
