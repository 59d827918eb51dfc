"""What keeps facts of calls while the store fails: from settings to a file."""

from pathlib import Path
from urllib.parse import quote

from maskline.services.call_line import JournalLimits
from maskline.services.call_write import CallWriter
from maskline.services.clock import Clock
from maskline.services.journaled_calls import JournaledCalls
from maskline.settings import Settings
from maskline.stores.journal_file import JournalFile
from maskline.stores.keys import Keys

MEGABYTE = 1024 * 1024


def build_journal(
    settings: Settings, store: CallWriter, keys: Keys, clock: Clock, host_name: str
) -> JournaledCalls:
    """The journal in front of the store, not opened; a worker finds its own by its host name."""
    section = settings.journal
    folder = Path(section.directory) if section.directory else settings.store.data_path / "journal"
    path = folder / f"{quote(host_name, safe='')}.calls"
    file = JournalFile(path, keys, section.reserve_mb * MEGABYTE)
    limits = JournalLimits(max_bytes=section.max_mb * MEGABYTE, patience_s=section.patience_s)
    return JournaledCalls(store, file, clock, limits)
