# syntax=docker/dockerfile:1
# One media daemon: docker build -f deploy/docker/rtpengine.Dockerfile -t maskline-rtpengine .
# Its arguments are those of docs/rtpengine.md; it shares a group, and /recordings, with its worker.

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends rtpengine-daemon \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 maskline \
    && useradd --system --uid 10002 --gid maskline --no-create-home \
        --shell /usr/sbin/nologin media
# New files belong to the group, and the worker may remove them.
RUN install -d -o media -g maskline -m 2770 \
    /recordings /recordings/pcaps /recordings/metadata /recordings/tmp
USER media:maskline
VOLUME /recordings
ENTRYPOINT ["rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--log-level=4", \
    "--table=-1", "--num-threads=2", "--poller-per-thread", "--timeout=180", \
    "--silent-timeout=3600", "--offer-timeout=180", "--delete-delay=0", \
    "--recording-dir=/recordings", "--recording-method=pcap", "--recording-format=eth", \
    "--xmlrpc-format=1"]
