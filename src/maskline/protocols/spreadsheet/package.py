"""The parts of a workbook's ZIP file, each read in pieces and never beyond its bound."""

import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO
from xml.parsers import expat

from maskline.protocols.spreadsheet.error import SheetRefused

PIECE_BYTES = 65_536
MAX_ENTRIES = 2_000
MAX_PART_BYTES = 200_000_000
"""Of one part, unpacked; 50,000 rows of ten columns have a tenth of it."""
MAX_DEPTH = 64

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # [MS-CFB]: .xls, and .xlsx under a password
_NO_WORKBOOK = "is no .xlsx workbook; save it as Excel workbook (.xlsx)"

Attributes = dict[str, str]


class Package:
    """A workbook's parts by name. Raises SheetRefused."""

    def __init__(self, file: BinaryIO) -> None:
        if file.read(4) == _OLD_WORKBOOK:
            raise SheetRefused(
                "M2001", "is an old .xls, or has a password; save it as .xlsx without one"
            )
        file.seek(0)
        try:
            # It raises NotImplementedError for an archive of a later version of the format.
            self._archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise SheetRefused("M2001", _NO_WORKBOOK) from error
        self._entries = {entry.filename.lstrip("/"): entry for entry in self._archive.infolist()}
        if len(self._entries) > MAX_ENTRIES:
            raise SheetRefused("M2004", "has too many parts; copy the rows into the template")

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def has_macros(self) -> bool:
        """Whether a program stands in it."""
        return any(name.lower().endswith("vbaproject.bin") for name in self._entries)

    def parse(
        self,
        name: str,
        *,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Tell of the elements of a part, by local names (strict workbooks have other prefixes)."""
        entry = self._entries.get(name)
        if entry is None:
            raise SheetRefused("M2001", _NO_WORKBOOK)
        if entry.file_size > MAX_PART_BYTES:
            raise SheetRefused("M2004", "is too large when unpacked; split it into several files")
        parser = _parser(start, end, text)
        left = MAX_PART_BYTES
        try:
            with self._archive.open(entry) as part:
                while piece := part.read(PIECE_BYTES):
                    left -= len(piece)
                    if left < 0:
                        raise SheetRefused("M2004", "is too large when unpacked; split it")
                    parser.Parse(piece, False)
                parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            raise SheetRefused("M2001", "is damaged; save it anew as .xlsx") from error
        # What zipfile raises for a compression it does not know, and for a part under a password.
        except (NotImplementedError, RuntimeError, zlib.error) as error:
            raise SheetRefused("M2001", "is packed in a way that no spreadsheet does") from error


def _parser(
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None,
    text: Callable[[str], None] | None,
) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def started(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise SheetRefused("M2001", "is nested too deeply")
        start(name.rpartition(" ")[2], attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name.rpartition(" ")[2])

    def refuse(*_: object) -> None:
        # Entities that expand into others are how a small file becomes a large one.
        raise SheetRefused("M2001", "declares a document type, which no spreadsheet does")

    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    return parser
