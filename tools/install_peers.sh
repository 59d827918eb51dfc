#!/bin/sh
# Provides the programs that tests use as peers. Without them those tests are skipped, and say so.
set -u

# A program by its name, or where it stands when it is in no PATH.
has() {
    command -v "$1" >/dev/null || ls $1 >/dev/null 2>&1
}

provide() {
    program=$1 package=$2
    has "$program" && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "maskline: installing Debian's $package"
        apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
            { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1
    fi
    has "$program" ||
        echo "maskline: $program is missing, its tests will be skipped; as root: apt-get install $package"
}

# A daemon's package starts a system service unless a policy says no; tests start their own.
provide_daemon() {
    policy=/usr/sbin/policy-rc.d
    if [ "$(id -u)" = 0 ] && ! [ -e "$policy" ] && [ -d "${policy%/*}" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
        provide "$@"
        rm -f "$policy"
    else
        provide "$@"
    fi
}

export DEBIAN_FRONTEND=noninteractive
provide sipp sip-tester
provide baresip baresip-core
provide chromium chromium
provide '/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc' fonts-wqy-zenhei
provide_daemon rtpengine rtpengine-daemon
provide_daemon kamailio kamailio-tls-modules
provide_daemon '/usr/lib/postgresql/*/bin/postgres' postgresql
