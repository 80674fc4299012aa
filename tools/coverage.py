#!/usr/bin/env python3
"""Line coverage of a build with --coverage, by folder: what its tests ran, from gcov's own records.

A line that is compiled several times (the kernels: once an instruction set and precision; inlined code) counts as run
when any of its copies ran. Folders under --least with less than that share fail.

    tools/coverage.py build/cov --least 95 src/kernel src/engine/statevector [--lines] [--all]
"""
import argparse
import collections
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def records(build):
    """The gcov records of every object that ran."""
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(build)
                   for name in names if name.endswith('.gcda'))
    if not paths:
        sys.exit(f'coverage: {build} has no .gcda files; build it with --coverage and run its tests first')
    for path in paths:
        done = subprocess.run(['gcov', '--json-format', '--stdout', path], cwd=build, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f'coverage: gcov {path}: {done.stderr.strip()}')
        for line in done.stdout.splitlines():
            if line.startswith('{'):
                record = json.loads(line)
                for part in record['files']:
                    yield os.path.join(record['current_working_directory'], part['file']), part['lines']


def collect(build):
    """{file relative to the root: {line: runs}} of the files under src/ and cli/."""
    files = collections.defaultdict(lambda: collections.defaultdict(int))
    for path, lines in records(build):
        name = os.path.relpath(os.path.normpath(path), ROOT)
        if name.startswith(('src/', 'cli/')):
            for line in lines:
                files[name][line['line_number']] += line['count']
    return files


def ranges(numbers):
    """'3, 7-9' for [3, 7, 8, 9]."""
    out = []
    for number in sorted(numbers):
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return ', '.join(str(a) if a == b else f'{a}-{b}' for a, b in out)


def share(lines):
    return 100 * sum(1 for runs in lines.values() if runs > 0) / len(lines)


def inside(name, folder):
    return name.startswith(folder.rstrip('/') + '/')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('build', help='the build folder, after its tests have run')
    parser.add_argument('folders', nargs='*', help='folders that must reach --least')
    parser.add_argument('--least', type=float, default=95.0, help='percent of lines (95)')
    parser.add_argument('--lines', action='store_true', help='print the lines that did not run')
    parser.add_argument('--all', action='store_true', help='print all folders, not only those named')
    asked = parser.parse_intermixed_args()
    files = collect(os.path.abspath(asked.build))
    names = sorted(name for name in files
                   if asked.all or not asked.folders or any(inside(name, f) for f in asked.folders))
    folders = collections.defaultdict(list)
    for name in names:
        folders[os.path.dirname(name)].append(name)
    print(f'{"":44} {"lines":>7} {"run":>7} {"share":>7}')
    for folder, members in sorted(folders.items()):
        for name in [None] + members:
            lines = {(n, k): runs for n in ([name] if name else members) for k, runs in files[n].items()}
            ran = sum(1 for runs in lines.values() if runs > 0)
            label = folder if name is None else '    ' + os.path.basename(name)
            print(f'{label:44} {len(lines):7} {ran:7} {share(lines):6.1f}%')
            if asked.lines and name and ran < len(lines):
                print('        ' + ranges(k for (_, k), runs in lines.items() if runs == 0))
    failed = False
    for folder in asked.folders:
        lines = {(n, k): runs for n in files if inside(n, folder) for k, runs in files[n].items()}
        reached = share(lines) if lines else 0.0
        good = reached >= asked.least
        failed = failed or not good
        print(f'{"ok" if good else "TOO LOW"}: {folder} {reached:.1f}% of {len(lines)} lines, at least '
              f'{asked.least:g}% wanted')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
