"""Files of enterprises: sealed, in the storage of recordings, as those of jobs are."""

from datetime import datetime
from pathlib import Path

from maskline.domain.enterprise import Paper, PaperKind, media_type_of
from maskline.domain.job import JobFile
from maskline.services.job_file import FileStorage, JobFiles

BUCKET = "papers"


class PaperFiles:
    """Keeps, gives and removes them. `key` has 32 bytes; `spool` is on the disk of the storage."""

    def __init__(self, storage: FileStorage, key: bytes, spool: Path) -> None:
        self._files = JobFiles(storage, key, spool, BUCKET)

    async def put(
        self, object_name: str, kind: PaperKind, name: str, content: bytes, now: datetime
    ) -> Paper:
        """Keep a file. Raises InvalidParameter ("file"), StorageFailed."""
        media_type = media_type_of(kind, content)
        await self._files.put(object_name, content, name, media_type, now)
        return Paper(
            kind=kind,
            object_name=object_name,
            name=name,
            media_type=media_type,
            size=len(content),
            uploaded_at=now,
        )

    async def content(self, paper: Paper) -> bytes:
        """All of a file. Raises StorageFailed, PlatformError."""
        return await self._files.whole(_file(paper))

    async def remove(self, *papers: Paper) -> None:
        """Forget files. Raises StorageFailed."""
        await self._files.remove(*map(_file, papers))


def _file(paper: Paper) -> JobFile:
    """What it is kept as; nothing of a paper ends by itself."""
    return JobFile(
        object_name=paper.object_name,
        name=paper.name,
        media_type=paper.media_type,
        size=paper.size,
        expires_at=paper.uploaded_at,
    )
