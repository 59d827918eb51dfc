"""The store of one machine: SQLite with one writer thread."""

from maskline.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
