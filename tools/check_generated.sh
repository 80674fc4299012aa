#!/bin/sh
# Files made from tables must be what the tables say now. Run from the root.
set -eu
status=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 tools/make_gates_doc.py > "$scratch/gates.md" 2> /dev/null || python3 tools/make_gates_doc.py "$scratch/gates.md"
cmp -s docs/gates.md "$scratch/gates.md" || { echo "docs/gates.md is not what include/quern/gates.def says: run 'make docs'"; status=1; }
python3 tools/make_qaoa_angles.py > "$scratch/angles.def"
cmp -s src/algorithm/qaoa/angles.def "$scratch/angles.def" || { echo "src/algorithm/qaoa/angles.def is not what data/qaoa_angles.tsv says: tools/make_qaoa_angles.py"; status=1; }
exit $status
