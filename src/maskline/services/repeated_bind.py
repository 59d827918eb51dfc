"""A bind that is carried out again under the id that its binding was to have."""

from typing import TypeVar

from maskline.domain.application import Application
from maskline.domain.binding import Binding
from maskline.services.store import BindingStore

Bound = TypeVar("Bound", bound=Binding)


async def find_bound(
    store: BindingStore, application: Application, binding_id: str | None, kind: type[Bound]
) -> Bound | None:
    """What the first try has bound, if it came so far; without an id there was none.

    Asked before anything is checked: what is bound is bound, whatever would be refused today.
    """
    if binding_id is None:
        return None
    found = await store.binding(application.app_key, binding_id)
    return found if isinstance(found, kind) else None
