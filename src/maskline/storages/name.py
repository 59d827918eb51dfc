"""Where a recording is within a storage: by bucket and the day of its name."""

import re

from maskline.services.recording import StorageFailed

UNDATED = "undated"
_NAME = re.compile(r"(?!\.{1,2}\Z)[0-9A-Za-z._-]{1,128}")
_DATE = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")


def place(bucket: str, object_name: str) -> tuple[str, str, str]:
    """Bucket, day (`2026-11-20`) and object name, each safe as one segment of a path.

    Raises StorageFailed for any other name: nothing outside the storage can be meant.
    """
    for name in (bucket, object_name):
        if _NAME.fullmatch(name) is None:
            raise StorageFailed("this is no name of a recording")
    if _DATE.match(object_name) is None:
        return bucket, UNDATED, object_name
    year, month, day = object_name[:2], object_name[2:4], object_name[4:6]
    return bucket, f"20{year}-{month}-{day}", object_name
