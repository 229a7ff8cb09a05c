#!/bin/sh
# Builds the benchmarks, runs all of them side by side, and writes RESULTS.md and charts into this
# directory. `--quick` takes three or four minutes; the whole takes a quarter of an hour. PostgreSQL and
# Redis are measured where they are installed; on Debian: apt-get install postgresql redis-server
set -eu
cd "$(dirname "$0")/.."
mvn -q package -DskipTests -pl benchmarks -am
exec java -jar benchmarks/target/benchmarks.jar compare "$@"
