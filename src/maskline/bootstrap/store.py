"""Which store the settings ask for."""

from importlib.util import find_spec

from maskline.domain.error import StoreFailed
from maskline.services.clock import Clock, SystemClock
from maskline.services.store import Store
from maskline.settings import Settings
from maskline.stores.keys import Keys, keys_from_file, read_key
from maskline.stores.sqlite.database import SqliteLimits
from maskline.stores.sqlite.store import SqliteStore


def build_keys(settings: Settings) -> Keys:
    """The master key of the settings or its file. Raises StoreFailed."""
    section = settings.store
    if section.master_key:
        return read_key(section.master_key)
    path, database = section.master_key_path, section.database_path
    if not section.url and database.exists() and not path.exists():
        # A new key would open nothing, and hide that the old one has to be found.
        raise StoreFailed(f"{path} is missing, and {database} was written with it: restore it")
    return keys_from_file(path)


def build_store(settings: Settings, keys: Keys, clock: Clock) -> Store:
    """A store that is not open yet. Raises StoreFailed when psycopg is missing."""
    section = settings.store
    if not section.url:
        limits = SqliteLimits(write_queue=section.max_queue)
        return SqliteStore(section.database_path, keys, clock=clock, limits=limits)
    _need_psycopg()
    from maskline.stores.postgres import PostgresLimits, PostgresStore  # noqa: PLC0415 - an extra

    limits = PostgresLimits(
        pool_min=min(section.pool_min, section.pool_max),
        pool_max=section.pool_max,
        waiting=section.max_waiting,
        wait_s=section.wait_s,
        statement_timeout_s=section.statement_timeout_s,
        write_queue=section.max_queue,
    )
    return PostgresStore(section.url, keys, clock=clock, limits=limits)


async def migrate_store(settings: Settings, *, with_post: bool) -> tuple[str, ...]:
    """Apply the missing steps of the schema in PostgreSQL; returns their names.

    Raises StoreFailed, also when there is no PostgreSQL in the settings.
    """
    if not settings.store.url:
        raise StoreFailed("store.url is empty: the SQLite file is brought up to date at each start")
    _need_psycopg()
    from maskline.stores.postgres import migrate_database  # noqa: PLC0415 - an extra

    return await migrate_database(settings.store.url, SystemClock(), with_post=with_post)


def lacks_psycopg() -> bool:
    """Whether what PostgreSQL needs is not installed."""
    return find_spec("psycopg") is None or find_spec("psycopg_pool") is None


def _need_psycopg() -> None:
    if lacks_psycopg():
        raise StoreFailed("store.url needs psycopg: pip install 'maskline[postgres]'")
