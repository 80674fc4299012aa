#!/bin/sh
# Format, layers, generated files, lint: all that can be said of the sources without running them. Run from the root.
set -eu
status=0
echo '== layers'
python3 tools/check_layers.py || status=1
echo '== format'
git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror || status=1
echo '== generated files'
sh tools/check_generated.sh || status=1
echo '== lint'
python3 tools/lint.py || status=1
exit $status
