# syntax=docker/dockerfile:1
# The SIP edge: docker build -f deploy/docker/kamailio.Dockerfile -t maskline-edge .
# Its site stands in /etc/kamailio: edge-local.cfg, dispatcher.list, sources.list, tls.cfg.

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates kamailio kamailio-tls-modules \
    && rm -rf /var/lib/apt/lists/* /etc/kamailio/* \
    && install -d -o kamailio -g kamailio /run/kamailio
COPY deploy/kamailio /etc/kamailio
USER kamailio
EXPOSE 5060/udp 5060/tcp 5061/tcp
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["kamcmd", "-s", "unix:/run/kamailio/kamailio_ctl", "core.uptime"]
ENV SHM_MB=256
ENTRYPOINT ["/bin/sh", "-c", "exec kamailio -DD -E -m \"$SHM_MB\" -M 8 -f /etc/kamailio/kamailio.cfg"]
