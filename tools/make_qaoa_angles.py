#!/usr/bin/env python3
"""Writes src/algorithm/qaoa/angles.def from data/qaoa_angles.tsv.

    tools/make_qaoa_angles.py > src/algorithm/qaoa/angles.def
"""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    print("/* angles.def: made by tools/make_qaoa_angles.py from data/qaoa_angles.tsv. QN_QAOA_ANGLES(degree, layers, cut fraction, gammas…,")
    print(" * betas…), cut convention. */")
    lines = [line for line in (ROOT / "data" / "qaoa_angles.tsv").read_text().split("\n") if line and not line.startswith("#")]
    names = lines[0].split("\t")
    for line in lines[1:]:
        row = dict(zip(names, line.split("\t"), strict=True))
        numbers = ", ".join(row["gammas"].split(",") + row["betas"].split(","))
        print(f"QN_QAOA_ANGLES({row['degree']}, {row['layers']}, {row['cut_fraction']}, {numbers})")


if __name__ == "__main__":
    main()
