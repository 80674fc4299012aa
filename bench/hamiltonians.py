"""Writes the Pauli sums and parameter rows of the energy loop, with the standard library alone, so that no program under test makes its
own input. Jordan-Wigner, alpha orbitals first (spins alternating for the program that wants it so); the Hartree-Fock energy of each sum is
checked against data/molecules/energies.tsv."""

import csv
import math
import pathlib
import re

ROWS = 8  # parameter rows that a measurement cycles through


def read_fcidump(path):
    head, body = path.read_text().split("&END")
    norb, nelec = (int(re.search(rf"{key}=(\d+)", head)[1]) for key in ("NORB", "NELEC"))
    core, one, two = 0.0, {}, {}
    for line in body.split("\n")[1:-1]:
        value, p, q, r, s = (kind(word) for kind, word in zip((float, int, int, int, int), line.split()))
        p, q, r, s = p - 1, q - 1, r - 1, s - 1
        if r >= 0:
            for a, b, c, d in ((p, q, r, s), (r, s, p, q)):
                for key in ((a, b, c, d), (b, a, c, d), (a, b, d, c), (b, a, d, c)):
                    two[key] = value
        elif p >= 0:
            one[p, q] = one[q, p] = value
        else:
            core = value
    return norb, nelec, core, one, two


def multiply(a, b):
    """Product of Pauli sums held as {(x mask, z mask): coefficient} with the string X^x Z^z."""
    out = {}
    for (xa, za), ca in a.items():
        for (xb, zb), cb in b.items():
            key = xa ^ xb, za ^ zb
            out[key] = out.get(key, 0.0) + ca * cb * (-1) ** (za & xb).bit_count()
    return out


def ladder(mode, creation):
    """a = (X + iY)/2 behind Z on all lower modes, with iY = -X Z; creation has the other sign."""
    below = (1 << mode) - 1
    return {(1 << mode, below): 0.5, (1 << mode, below | 1 << mode): 0.5 if creation else -0.5}


def jordan_wigner(norb, core, one, two, alternating=False):
    def place(orbital, spin):
        return 2 * orbital + spin if alternating else orbital + norb * spin

    up = [ladder(mode, True) for mode in range(2 * norb)]
    down = [ladder(mode, False) for mode in range(2 * norb)]
    total = {(0, 0): core}

    def add(operator, factor):
        for key, c in operator.items():
            total[key] = total.get(key, 0.0) + factor * c

    hop = {(p, q, spin): multiply(up[place(p, spin)], down[place(q, spin)])
           for p in range(norb) for q in range(norb) for spin in (0, 1)}
    for (p, q), h in one.items():
        for spin in (0, 1):
            add(hop[p, q, spin], h)
    for (p, q, r, s), g in two.items():  # a+p a+r as aq = (a+p aq)(a+r as) - delta_qr a+p as, same spins
        for first in (0, 1):
            for second in (0, 1):
                add(multiply(hop[p, q, first], hop[r, s, second]), 0.5 * g)
                if first == second and q == r:
                    add(hop[p, s, first], -0.5 * g)
    terms = []
    for (x, z), c in sorted(total.items()):
        y = (x & z).bit_count()  # X^x Z^z = (-i)^y P
        if abs(c) > 1e-12:
            if y % 2:
                raise SystemExit("an imaginary coefficient: the integrals are not those of a real Hamiltonian")
            label = "".join("IXZY"[(x >> q & 1) + 2 * (z >> q & 1)] for q in reversed(range(2 * norb)))
            terms.append((c * (-1) ** (y // 2), label))
    return terms


def determinant_energy(terms, occupied):
    return sum(c * (-1) ** sum(1 for q, letter in enumerate(reversed(label)) if letter == "Z" and q in occupied)
               for c, label in terms if set(label) <= set("IZ"))


def read_energies(root):
    with open(root / "data" / "molecules" / "energies.tsv") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


def molecule_terms(root, row, alternating=False):
    norb, nelec, core, one, two = read_fcidump(root / "data" / "molecules" / row["file"])
    terms = jordan_wigner(norb, core, one, two, alternating)
    half = nelec // 2
    occupied = set(range(nelec)) if alternating else set(range(half)) | set(range(norb, norb + half))
    if abs(determinant_energy(terms, occupied) - float(row["rhf_hartree"])) > 1e-9:
        raise SystemExit(f"{row['file']}: the Pauli sum does not give the Hartree-Fock energy")
    return terms


def write_pauli(path, terms):
    path.write_text("".join(f"{c:.17g} {label}\n" for c, label in terms))


def write_alternating(root, folder, name):
    path = pathlib.Path(folder) / f"{name}_alternating.pauli"
    write_pauli(path, molecule_terms(root, read_energies(root)[f"{name}.fcidump"], alternating=True))
    return str(path)


def write_problems(root, folder):
    """[(title, qubits, terms, Pauli file, parameter file)]"""
    table = read_energies(root)
    article = [(float(line.split()[0]), line.split()[1]) for line in (root / "examples" / "article.pauli").read_text().split("\n")
               if line.strip() and not line.startswith("#")]
    problems = [("2-qubit energy model", article)]
    for name in ("h2", "h4_chain", "lih"):
        row = table[f"{name}.fcidump"]
        terms = molecule_terms(root, row)
        problems.append((row["name"] + (" chain" if "linear" in row["geometry_angstrom"] else ""), terms))
    written = []
    for title, terms in problems:
        nqubits = len(terms[0][1])
        stem = pathlib.Path(folder) / re.sub(r"\W+", "_", title.lower())
        write_pauli(stem.with_suffix(".pauli"), terms)
        count = 2 * nqubits * 3
        stem.with_suffix(".theta").write_text("".join(
            " ".join(f"{math.pi * math.sin(1.0 + k + 0.37 * row * (k + 1)):.17g}" for k in range(count)) + "\n"
            for row in range(ROWS)))
        written.append((title, nqubits, len(terms), str(stem.with_suffix(".pauli")), str(stem.with_suffix(".theta"))))
    return written

