"""The store for tests and demonstrations: the whole contract on plain dicts, nothing durable."""

from maskline.stores.memory.store import MemoryStore

__all__ = ["MemoryStore"]
