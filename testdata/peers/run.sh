#!/usr/bin/env bash
# Measures talentmatch, Xapian and PostgreSQL on one generated market, one after the
# other, and prints the ratios. See README.md.
#
#   testdata/peers/run.sh [PROGRAMS [DEMANDS [QUERIES [GIN_QUERIES]]]]
set -euo pipefail
programs=${1:-60000} demands=${2:-20000} queries=${3:-300} gin_queries=${4:-20} top=50
cd "$(dirname "$0")"
peers=$PWD
folder=$(mktemp -d)
chmod 755 "$folder"
server=""
finish() {
  if [ -n "$server" ]; then as_postgres "$bin/pg_ctl" -D "$server" -m immediate -w stop >&2 || true; fi
  rm -rf "$folder"
}
trap finish EXIT

# The server refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

(cd ../.. && go build -o "$folder/talentmatch" ./cmd/talentmatch)
"$folder/talentmatch" bench market --programs "$programs" --demands "$demands" --out "$folder/market.ndjson"
python3 "$peers/prepare.py" "$folder/market.ndjson" "$queries" "$folder"

"$folder/talentmatch" bench match --programs "$programs" --demands "$demands" --queries "$queries" --top "$top" \
  --what query --format ndjson >"$folder/bench.ndjson"

g++ -O2 -std=c++17 -o "$folder/peer-xapian" "$peers/xapian.cc" $(xapian-config --cxxflags --libs)
"$folder/peer-xapian" "$folder" "$top" >"$folder/peers.tsv"

bin=$(pg_config --bindir)
mkdir "$folder/postgres"
if [ "$(id -u)" = 0 ]; then chown postgres "$folder/postgres"; fi
as_postgres "$bin/initdb" -D "$folder/postgres/data" -A trust >/dev/null
server=$folder/postgres/data
as_postgres "$bin/pg_ctl" -D "$server" -w -l "$folder/postgres/log" start \
  -o "-c listen_addresses='' -k $folder/postgres -c shared_buffers=1GB -c fsync=off" >&2
as_postgres "$bin/psql" -h "$folder/postgres" -d postgres -v folder="$folder" -v top="$top" -v gin_queries="$gin_queries" \
  -f "$peers/postgres.sql" >>"$folder/peers.tsv"

python3 "$peers/compare.py" "$folder/bench.ndjson" "$folder/peers.tsv"
