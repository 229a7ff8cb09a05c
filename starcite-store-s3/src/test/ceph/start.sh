#!/usr/bin/env bash
# Starts a Ceph of one node with a RADOS Gateway on loopback, for `mvn verify -Pceph`, and makes the
# bucket of the tests in it. Needs Debian's packages: apt-get install --no-install-recommends
# radosgw ceph-mon ceph-osd ceph-common. Everything it writes is in the folder that it is given.
#
#   start.sh [FOLDER] [PORT]    FOLDER: target/ceph of this module; PORT: of the gateway, 18480
#
# The monitor takes PORT+1 and PORT+2, the storage daemon four ports of Ceph's own range.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly folder=${1:-$here/../../../target/ceph} port=${2:-18480}
readonly timeout=60

for program in ceph-mon ceph-osd radosgw radosgw-admin ceph monmaptool curl; do
  command -v "$program" > /dev/null || {
    echo "$program is not there: apt-get install --no-install-recommends radosgw ceph-mon" \
      "ceph-osd ceph-common curl" >&2
    exit 1
  }
done
if [[ -e $folder ]]; then
  echo "$folder is there already: run stop.sh first, and remove it" >&2
  exit 1
fi

mkdir -p "$folder"/{run,log,mon,osd,mgr,tmp}
cd "$folder"
root=$(pwd)
fsid=$(cat /proc/sys/kernel/random/uuid)
osd=$(cat /proc/sys/kernel/random/uuid)

cat > ceph.conf << END
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]
auth cluster required = none
auth service required = none
auth client required = none
ms bind ipv6 = false
# Else the gateway hangs.
ms mon client mode = crc secure
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data = $root/mon/\$id
osd data = $root/osd/\$id
osd objectstore = bluestore
bluestore block create = true
bluestore block size = 8589934592
run dir = $root/run
pid file = $root/run/\$type.\$id.pid
admin socket = $root/run/\$type.\$id.asok
log file = $root/log/\$type.\$id.log
crash dir = $root/tmp
[client.rgw]
# Without nodelay a read takes 44 ms.
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw data = $root/tmp
END
export CEPH_CONF=$root/ceph.conf

# Starts a daemon in the background and keeps its process id for stop.sh.
daemon() {
  local name=$1
  shift
  "$@" > "log/$name.out" 2>&1 &
  echo $! > "run/$name.started"
}

# A command of the cluster; by default they wait for five minutes.
ceph_() { ceph --connect-timeout "$timeout" "$@"; }

# Waits until a command succeeds.
await() {
  local end=$((SECONDS + timeout))
  until "$@" > /dev/null 2>&1; do
    if (( SECONDS > end )); then
      echo "not within $timeout s: $*; see $root/log" >&2
      exit 1
    fi
    sleep 0.2
  done
}

one_osd_is_up() { ceph_ osd stat | grep -q '1 up'; }
gateway_answers() { curl -s -o /dev/null "http://127.0.0.1:$port/"; }

monmaptool --create --fsid "$fsid" \
  --addv a "[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]" monmap > /dev/null
ceph-mon --mkfs -i a --monmap monmap
daemon mon ceph-mon -f -i a
await ceph_ status

mkdir -p osd/0
ceph_ osd new "$osd" > /dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$osd" > log/mkfs.out 2>&1
ceph_ osd crush add osd.0 1.0 root=default host=lab 2> /dev/null > /dev/null
daemon osd ceph-osd -f -i 0
await one_osd_is_up

# Each key that was deleted makes listings slower, to a second and more, until it is compacted away.
tidy() {
  while sleep 20; do
    ceph_ tell osd.0 compact > /dev/null 2>&1 || true
  done
}
daemon tidy tidy

daemon rgw radosgw -f -n client.rgw
await gateway_answers
timeout "$timeout" radosgw-admin -n client.rgw user create --uid=starcite \
  --display-name=starcite --access-key=starcite --secret-key=starcite > log/user.out 2>&1
curl -sf -o /dev/null -X PUT --aws-sigv4 aws:amz:us-east-1:s3 --user starcite:starcite \
  -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" "http://127.0.0.1:$port/starcite"

echo "Ceph answers on http://127.0.0.1:$port; bucket, access key and secret key are starcite"
