#!/usr/bin/env python3
"""Show what a query takes here and there, and the ratio: compare.py BENCH.ndjson PEERS.tsv"""
import json
import sys


def main(bench, peers):
    rows, ours = [], {}
    with open(bench, encoding="utf-8") as lines:
        for m in map(json.loads, lines):
            if m["what"] == "query" and m["side"] == "programs":
                ours[m["filter"]] = m
                rows.append(("talentmatch", m["filter"], m["queries"], m["mean_ms"], m["p50_ms"], m["p99_ms"], m["max_ms"], m["results"]))
                programs = m["programs"]
    with open(peers, encoding="utf-8") as lines:
        for line in lines:
            engine, label, *figures = line.rstrip("\n").split("\t")
            rows.append((engine, label, int(figures[0]), *map(float, figures[1:])))
    print(f"{programs} programs, skills only with related skills; times in ms")
    print(f"{'engine':28} {'filter':6} {'queries':>7} {'mean':>9} {'p50':>9} {'p99':>9} {'max':>9} {'results':>7} {'x mean':>7} {'x p99':>7}")
    for engine, label, n, mean, p50, p99, most, results in rows:
        us = ours[label]
        print(f"{engine:28} {label:6} {n:7} {mean:9.3f} {p50:9.3f} {p99:9.3f} {most:9.3f} {results:7.1f} "
              f"{mean / us['mean_ms']:7.1f} {p99 / us['p99_ms']:7.1f}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
