import errno
import socket

import pytest

from maskline.planes.media.engine import EngineGone
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.worker_link import start_worker


async def test_a_worker_without_descriptors_left_for_its_channel_can_be_started_later(monkeypatch):
    def exhausted(*_):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(socket, "socketpair", exhausted)
    with pytest.raises(EngineGone):
        await start_worker(EmbeddedSettings(), lambda _event: None)
