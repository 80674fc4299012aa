#!/bin/sh
# The article's program and a molecule from its file, each with its ledger and picture.
# Usage: examples/article.sh [QUERN [FOLDER]]    QUERN: the command (default: quern); FOLDER: where pictures go (default: out)
set -eu
quern=${1:-quern}
folder=${2:-out}
here=$(dirname "$0")
mkdir -p "$folder"

echo "# The article's program: quern vqe $here/article.pauli"
"$quern" vqe "$here/article.pauli" --ansatz two-local --rotations ry,rz --entangler cx --reps 2 --optimizer slsqp --maxiter 300 \
    --plot "$folder/article.svg" --report "$folder/article.html"
echo
echo "# Its exact spectrum: quern exact $here/article.pauli --states 4"
"$quern" exact "$here/article.pauli" --states 4
echo
echo "# Lithium hydride from its FCIDUMP: quern vqe $here/../data/molecules/lih.fcidump"
"$quern" vqe "$here/../data/molecules/lih.fcidump" --plot "$folder/lih.svg" --report "$folder/lih.html"
