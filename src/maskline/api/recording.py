"""Where a recording can be downloaded: the recording interface (`spec/common.md` 2)."""

from maskline.api.endpoint import Endpoint
from maskline.api.operation import Operation, Parameters
from maskline.api.request import read_query
from maskline.api.result import Answer, Refused
from maskline.domain.application import Application
from maskline.domain.error import RecordingNotEnabled
from maskline.services.recording_archive import RecordingArchive

PATH = "/rest/provision/voice/record/v1.0"

MAX_NAME = 128


_NAME = {"type": "string", "maxLength": MAX_NAME}
_OPERATION = Operation(
    operation_id="locateRecording",
    summary="Where a recording can be downloaded",
    query=Parameters(
        {"fileName": _NAME, "recordDomain": _NAME}, required=("fileName", "recordDomain")
    ),
    moves=True,
)


class RecordingInterface:
    """Answers where to download a recording; for applications of every mode.

    `base_url` is how customers reach this server; empty takes what each of them called it.
    """

    def __init__(self, archive: RecordingArchive, base_url: str) -> None:
        self._archive = archive
        self._base_url = base_url

    def endpoint(self) -> Endpoint:
        """The path."""
        return Endpoint(mode=None, methods={"GET": self.locate}, described={"GET": _OPERATION})

    async def locate(self, application: Application, query: bytes, _body: bytes) -> Answer:
        """`GET`: 301 with the address in `Location` and nothing else.

        Raises Refused (1010002 with the parameter), RecordingNotEnabled, UnknownRecord,
        StoreFailed.
        """
        given = read_query(query)
        name = _name(given.get("fileName"), "fileName")
        domain = _name(given.get("recordDomain"), "recordDomain")
        if not application.may_record:
            raise RecordingNotEnabled
        recording = await self._archive.find(application.app_key, name, domain)
        url = self._archive.link(recording, self._base_url)
        return Answer(301, b"", headers=((b"location", url.encode()),))


def _name(value: str | None, parameter: str) -> str:
    if value is None or len(value) > MAX_NAME:
        raise Refused.for_parameter(parameter)
    return value
