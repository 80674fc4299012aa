#!/usr/bin/env python3
"""Check who includes whom: floors of the house, headers of dependencies, faces that see public headers only.

Usage: tools/check_layers.py [ROOT]    exit 0 when clean, 1 with one line per offence.
"""
import re
import sys
from pathlib import Path

# A folder of src/ may include its own headers and those of lower floors; beside it only what is named here.
FLOORS = {
    "base": 1,
    "math": 2, "kernel": 2, "optimizer": 2, "ledger": 2,
    "operator": 3, "report": 3,
    "circuit": 4,
    "engine": 5, "load": 5, "format": 5,
    "primitive": 6, "problem": 6, "chemistry": 6, "advise": 6,
    "algorithm": 7, "learn": 7,
}
# Lower floors that a folder may still not reach.
FORBIDDEN = {
    "kernel": {"operator", "circuit", "ledger", "optimizer"},
    "algorithm": {"engine", "advise"},
    "learn": {"engine", "advise"},
    "primitive": {"engine"},  # through <quern/engine.h>, the registry
}
# The floor of each public header is that of the folder that implements it.
PUBLIC_HEADERS = {
    "base": "context status types version",
    "math": "machine sparse",
    "optimizer": "optimizer",
    "ledger": "ledger",
    "operator": "fermion pauli",
    "report": "report",
    "circuit": "ansatz circuit classical draw pass",
    "engine": "counts engine sys/engine",
    "format": "array cnf format formula instance matrix_market qasm",
    "load": "load",
    "problem": "optimize problem qubo",
    "chemistry": "chemistry",
    "primitive": "primitive",
    "advise": "advise estimate",
    "algorithm": "amplitude_estimation attention block_encoding decision equal exact linear nas qaoa qsp search vqe",
    "learn": "char_model generative plateau",
}
PUBLIC = {header: folder for folder, headers in PUBLIC_HEADERS.items() for header in headers.split()}
PUBLIC["quern"] = None
# Algorithms reach engines by the registry's public header.
PUBLIC_ALLOWED = {("primitive", "engine"), ("algorithm", "engine"), ("learn", "engine")}
# Each dependency's headers appear in one folder.
OWNED = [
    (re.compile(r"lapacke?\.h|cblas\.h|lapack|arpack|fftw|^cs\.h"), "src/math"),
    (re.compile(r"nlopt\.h"), "src/optimizer"),
    (re.compile(r"jansson\.h"), "src/format"),
    (re.compile(r"mpi\.h"), "src/engine"),
    (re.compile(r"cuda"), "src/engine"),
]
FACES = ("cli", "python", "examples", "bench", "tests/golden", "tests/cli", "tests/conformance")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def folder_of(path, root):
    parts = path.relative_to(root).parts
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def check_public(name, folder, say):
    key = name[len("quern/"):].rsplit(".", 1)[0]
    if name.endswith(".def"):
        return
    if key not in PUBLIC:
        say(f"<{name}> has no floor in tools/check_layers.py")
        return
    owner = PUBLIC[key]
    if folder is None or owner == folder:
        return
    if owner is None:
        say("quern.h is for users; include the headers that are needed")
    elif FLOORS[owner] >= FLOORS[folder]:
        say(f"<{name}> belongs to {owner} (floor {FLOORS[owner]}), not below {folder} (floor {FLOORS[folder]})")
    elif owner in FORBIDDEN.get(folder, ()) and (folder, owner) not in PUBLIC_ALLOWED:
        say(f"{folder} must not use <{name}>")


def check_private(name, folder, relative, say):
    target = name.split("/")[0]
    if "/" not in name or target not in FLOORS:
        if target not in ("engine",) and not name.startswith(("body/", "arch/")) and "/" in name:
            say(f'"{name}" is in no folder of the table')
        return
    if target == folder:
        engine, other = relative.split("/")[2], name.split("/")[1]
        if folder == "engine" and name.count("/") == 2 and relative.count("/") == 3 and engine != other:
            say(f'an engine must not include another: "{name}"')
        return
    if FLOORS[target] >= FLOORS[folder]:
        say(f'"{name}" is on floor {FLOORS[target]}, not below {folder} (floor {FLOORS[folder]})')
    elif target in FORBIDDEN.get(folder, ()):
        say(f'{folder} must not include "{name}"')


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    offences = []
    files = [p for top in ("src", "include", "cli", "examples", "bench", "tests", "fuzz") for p in sorted((root / top).rglob("*"))
             if p.suffix in (".c", ".h", ".def")]
    for path in files:
        relative = path.relative_to(root).as_posix()
        folder = folder_of(path, root)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            def say(what):
                offences.append(f"{relative}:{number}: {what}")
            if folder and path.suffix == ".c" and re.match(r"\s*extern\s", line):
                say("extern in a .c file; give it a header")
            match = INCLUDE.match(line)
            if not match:
                continue
            name = match.group(2)
            for pattern, owner in OWNED:
                # Tests may hold results against a library of their own choice.
                if pattern.search(name) and not relative.startswith((owner, "tests/")):
                    say(f"<{name}> belongs in {owner} alone")
            if relative.startswith("include/"):
                if not name.startswith("quern/") and name not in ("stdbool.h", "stddef.h", "stdint.h"):
                    say(f"public headers include <quern/…> and standard types only, not <{name}>")
                elif name.startswith("quern/"):
                    own = PUBLIC.get(relative[len("include/quern/"):].rsplit(".", 1)[0])
                    if own:
                        check_public(name, own, say)
            elif folder and match.group(1) == '"':
                check_private(name, folder, relative, say)
            elif folder and name.startswith("quern/"):
                check_public(name, folder, say)
            elif relative.startswith(FACES) and match.group(1) == '"' and name.split("/")[0] in FLOORS and "/" in name:
                say(f'this folder sees public headers only, not "{name}"')
    print("\n".join(offences) if offences else f"layers: {len(files)} files, nothing points up")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
