"""The store of several processes and machines: PostgreSQL, or what speaks its language."""

from maskline.stores.postgres.connection import PostgresLimits
from maskline.stores.postgres.migration import migrate_database
from maskline.stores.postgres.store import PostgresStore

__all__ = ["PostgresLimits", "PostgresStore", "migrate_database"]
