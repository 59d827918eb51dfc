"""Reads a workbook in a process that may die without harm: `python -m ...program ROWS`.

The workbook comes on standard input. On standard output goes a msgpack array of rows, each
`[number, is_merged, [[column, kind, text], ...]]`, or `[code, message]` with the exit code 3.
"""

import io
import resource
import sys

import msgspec

from maskline.protocols.spreadsheet.error import SheetRefused
from maskline.protocols.spreadsheet.read import read_sheet

EXIT_REFUSED = 3
MEMORY_BYTES = 512 << 20
CPU_S = 60


def main() -> int:
    """Standard input to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    code = 0
    try:
        rows = read_sheet(io.BytesIO(sys.stdin.buffer.read()), int(sys.argv[1]))
        answer: object = [
            (
                row.number,
                row.is_merged,
                [(column, cell.kind, cell.text) for column, cell in row.cells.items()],
            )
            for row in rows
        ]
    except SheetRefused as refusal:
        answer, code = (refusal.code, refusal.message), EXIT_REFUSED
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    return code


if __name__ == "__main__":
    sys.exit(main())
