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
[ -f build/release/compile_commands.json ] || cmake --preset release > /dev/null
git ls-files 'src/*.c' 'cli/*.c' | grep -v '^src/kernel/arch/' | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p build/release 2> /dev/null || status=1
exit $status
