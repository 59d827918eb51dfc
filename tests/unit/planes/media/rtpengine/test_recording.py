"""What is removed of captures at a start."""

from pathlib import Path

from maskline.planes.media.rtpengine.conversion import Job
from maskline.planes.media.rtpengine.recording import remove_strays


def make_job(pcap: Path) -> Job:
    return Job(
        call_key="ml1",
        pcap=str(pcap),
        note="",
        path="",
        head=b"",
        key=b"",
        channels=1,
        ports=(1, 2),
        laws={},
        began_at=0.0,
        limit_s=1.0,
    )


def test_what_a_job_needs_stays_and_all_else_of_ours_goes(tmp_path: Path):
    names = [
        "pcaps/ml1-a.pcap",
        "metadata/rtpengine-meta-ml1-a.txt",
        "tmp/rtpengine-meta-ml1-a.tmp",
        "pcaps/ml2-b.pcap",
        "metadata/rtpengine-meta-ml2-b.txt",
        "tmp/rtpengine-meta-ml2-b.tmp",
        "pcaps/other-c.pcap",
        "tmp/rtpengine-meta-other-c.tmp",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert remove_strays(tmp_path, "ml", [make_job(tmp_path / names[0])]) == 4
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*")}
    assert left == {names[0], names[1], names[6], names[7]}
