#!/usr/bin/env python3
"""Turn a market of `talentmatch bench market` into tables that the peers load.

    prepare.py MARKET.ndjson QUERIES FOLDER

writes to FOLDER, tab separated, without headers:

    held.tsv     program, place, skill, level      each skill of a program once, at its best level
    asked.tsv    query, filter, place, need, level, weight, skill, sim
                                                   each skill that counts for each need of each query

Programs and skills are numbers, place is the first four digits of a GB/T 2260 code
(province and prefecture), weight is a need's share of the query's importance, sim is from
0 to 1. Queries are the demands that `talentmatch bench match` asks too, in its order; a
query stands there twice: with the mix's filter (place has 0, 2 or 4 digits) and without.
"""
import json
import sys


def number(identifier):
    """The digits at the end of an id."""
    return int("".join(c for c in identifier.rsplit(".", 1)[-1] if c.isdigit()))


def held(program):
    """A program's skills, each at its best level."""
    best = {}
    lists = [program.get("skills", [])] + [c.get("skills", []) for c in program.get("courses", [])]
    for s in (s for skills in lists for s in skills):
        skill = number(s["skill"])
        best[skill] = max(best.get(skill, 0), s.get("level", 3))
    return best


def main(market, queries, folder):
    near, demands, programs = {}, [], 0
    with open(market, encoding="utf-8") as lines, open(folder + "/held.tsv", "w", encoding="ascii") as out:
        for line in lines:
            record = json.loads(line)
            if record["type"] == "crosswalk":
                a, b = number(record["from"]), number(record["to"])
                near.setdefault(a, []).append((b, record["weight"]))
                near.setdefault(b, []).append((a, record["weight"]))
            elif record["type"] == "program":
                for skill, level in sorted(held(record).items()):
                    out.write(f"{number(record['id'])}\t{record['region'][:4]}\t{skill}\t{level}\n")
                programs += 1
            elif record["type"] == "demand":
                demands.append((record["region"], record["skills"]))
    terms = 0
    with open(folder + "/asked.tsv", "w", encoding="ascii") as out:
        for i in range(queries):
            region, needs = demands[i * len(demands) // queries % len(demands)]
            total = sum(n.get("importance", 1) for n in needs)
            for label, digits in (("mix", (0, 2, 2, 4)[i % 4]), ("none", 0)):
                for k, need in enumerate(needs):
                    wanted = number(need["skill"])
                    for skill, sim in [(wanted, 1.0)] + near.get(wanted, []):
                        out.write(f"{i}\t{label}\t{region[:digits]}\t{k}\t{need.get('level', 3)}\t"
                                  f"{need.get('importance', 1) / total:.9f}\t{skill}\t{sim:.3f}\n")
                        terms += label == "mix"
    print(f"{programs} programs, {len(demands)} demands, {queries} queries of {terms / queries:.0f} terms", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
