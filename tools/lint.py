#!/usr/bin/env python3
"""Lint the sources of src/ and cli/ with clang-tidy, except those that nothing has touched since they passed.

A source that passes leaves an empty file in build/lint/ (or the folder in QN_LINT_CACHE), named by the SHA-256 of all that its result depends
on: the version of clang-tidy, .clang-tidy, the compile command, its own text and that of every file of ours that it includes, and so on down.
Nothing else is remembered, so a finding is told again until it is mended. System headers are not in the name: after an upgrade of those remove
the folder. The folder holds the names of the last complete run only.

One source a process, so that a warning does not depend on which others are checked beside it, and the largest first, so that no core waits
long at the end. Status 1 when something was found. Run from the root; `--all` forgets what passed before, names of sources check those alone.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

BUILD = pathlib.Path("build/release")
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]', re.MULTILINE)
# The kernels of an instruction set are one text of macros a file: the analyzer takes minutes for each and follows no path to its end.
LEFT_OUT = "src/kernel/arch/"


def compile_commands():
    if not (BUILD / "compile_commands.json").exists():
        subprocess.run(["cmake", "--preset", "release"], check=True, stdout=subprocess.DEVNULL)
    root = pathlib.Path.cwd()
    commands = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["directory"], entry["file"])
        if path.is_relative_to(root):
            commands.setdefault(str(path.relative_to(root)), entry["command"])
    return commands


def folders_of(command):
    """The -I folders of a compile command, as absolute paths."""
    return [pathlib.Path(word[2:]) for word in command.split() if word.startswith("-I")]


class Texts:
    """Digests and includes of files, each read once."""

    def __init__(self):
        self.known = {}

    def of(self, path):
        if path not in self.known:
            text = path.read_bytes()
            self.known[path] = (hashlib.sha256(text).digest(), [name.decode() for name in INCLUDE.findall(text)])
        return self.known[path]

    def closure(self, source, folders):
        """The source and all files of ours that it includes, in the order they are met."""
        met, waiting = {}, [source]
        while waiting:
            path = waiting.pop()
            if path in met:
                continue
            digest, names = self.of(path)
            met[path] = digest
            for name in names:
                for folder in [path.parent, *folders]:
                    if (folder / name).is_file():
                        waiting.append((folder / name).resolve())
                        break
        return met


def name_of(source, command, texts, common):
    root = pathlib.Path.cwd()
    key = hashlib.sha256(common)
    key.update(command.replace(str(root), ".").encode())
    for path, digest in sorted(texts.closure(root / source, folders_of(command)).items()):
        key.update(os.path.relpath(path, root).encode() + b"\0" + digest)
    return key.hexdigest()


def check(source):
    done = subprocess.run(["clang-tidy", "--quiet", "-p", str(BUILD), source], capture_output=True, text=True)
    return done.returncode, done.stdout if done.stdout.strip() or done.returncode == 0 else done.stderr


def main():
    parser = argparse.ArgumentParser(description="Lint what was touched since it last passed.")
    parser.add_argument("--all", action="store_true", help="check every source, whatever passed before")
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help="check these only (default: all of src/ and cli/)")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    cache = pathlib.Path(os.environ.get("QN_LINT_CACHE", "build/lint"))
    cache.mkdir(parents=True, exist_ok=True)
    version = subprocess.run(["clang-tidy", "--version"], check=True, capture_output=True).stdout
    common = version + pathlib.Path(".clang-tidy").read_bytes()
    listed = options.sources or subprocess.run(["git", "ls-files", "src/*.c", "cli/*.c"], check=True, capture_output=True, text=True).stdout.split()
    sources = [source for source in listed if not source.startswith(LEFT_OUT)]
    commands, texts = compile_commands(), Texts()
    missing = [source for source in sources if source not in commands]
    if missing:
        sys.exit(f"lint: no compile command for {missing[0]} and {len(missing) - 1} more: run cmake --preset release")
    names = {source: name_of(source, commands[source], texts, common) for source in sources}
    todo = [source for source in sources if options.all or not (cache / names[source]).exists()]
    todo.sort(key=lambda source: -os.path.getsize(source))
    found = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for source, (code, text) in zip(todo, pool.map(check, todo)):
            if code == 0:
                (cache / names[source]).touch()
            else:
                found += 1
                print(text.rstrip(), flush=True)
    if not options.sources:
        for path in cache.iterdir():
            if path.name not in names.values():
                path.unlink()
    print(f"{len(todo)} of {len(sources)} sources checked, {found} with findings; the others passed before, unchanged since")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
