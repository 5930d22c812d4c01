#!/usr/bin/env bash
# Solves a minimum-cost flow problem (DIMACS min format) with LEMON's solvers, one after
# the other, and prints a line for each: solver, milliseconds, cost. See lemon.cc.
#
#   apt-get install liblemon-dev g++     # Debian's packages
#   testdata/peers/allocate.sh FILE
set -euo pipefail
file=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
g++ -O3 -march=native -DNDEBUG -o "$folder/peer-lemon" "$(dirname "$0")/lemon.cc" -llemon
for solver in simplex scaling; do
  "$folder/peer-lemon" "$file" "$solver"
done
