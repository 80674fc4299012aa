#!/usr/bin/env python3
"""Regenerate data/molecules/ (FCIDUMP files and energies.tsv). For developers; needs PySCF and NumPy.

Usage: python3 tools/make_molecules.py [output folder]

Restricted Hartree-Fock in the full point group, canonical orbitals, each with its largest coefficient positive. Every energy in the
table is computed from the file as written and read back, and the run stops if one is further than 2e-10 from the recorded value of a
second program.
"""

import itertools
import math
import pathlib
import re
import sys

import numpy
import pyscf
from pyscf import ao2mo, fci, gto, scf, symm

BOHR = 0.52917721067  # Angstrom, CODATA 2014; exactly this number turns the geometries below into atomic units
CUTOFF = 1e-12  # integrals up to this size are zeros of the point group, and are left out so that they stay exact zeros
BASIS = "sto-3g"


def chain(symbols, distance):
    return [(symbol, (0.0, 0.0, k * distance)) for k, symbol in enumerate(symbols)]


def water(distance, degrees):
    half = math.radians(degrees) / 2
    x, z = distance * math.sin(half), distance * math.cos(half)
    return [("O", (0.0, 0.0, 0.0)), ("H", (x, 0.0, z)), ("H", (-x, 0.0, z))]


# file, name, geometry in words, atoms in Angstrom, charge, recorded (nuclear, RHF, MP2, FCI) of Psi4 1.3.2 (conventional MP2, no frozen core)
MOLECULES = [
    ("h2", "H2", "H-H 0.735", chain(["H", "H"], 0.735), 0, (0.7199689941, -1.1169989967, -1.1300208767, -1.1373060358)),
    ("heh_plus", "HeH+", "He-H 0.7743", chain(["He", "H"], 0.7743), 1,
     (1.3668531853, -2.8418380465, -2.8490762898, -2.8514676862)),
    ("h4_chain", "H4", "linear, spacing 1.0", chain(["H"] * 4, 1.0), 0,
     (2.2931012462, -2.0985459368, -2.1397440243, -2.1663874485)),
    ("lih", "LiH", "Li-H 1.595", chain(["Li", "H"], 1.595), 0,
     (0.9953176376, -7.8620238601, -7.8748884983, -7.8824019323)),
    ("beh2", "BeH2", "linear, Be-H 1.326", chain(["H", "Be", "H"], 1.326), 0,
     (3.3921616069, -15.5603349360, -15.5834952691, -15.5951823567)),
    ("h2o", "H2O", "O-H 0.9584, angle 104.45 degrees", water(0.9584, 104.45), 0,
     (9.1836171616, -74.9631198617, -74.9987210974, -75.0127593132)),
    ("n2", "N2", "N-N 1.0977", chain(["N", "N"], 1.0977), 0,
     (23.6218304845, -107.4958933080, -107.6499838080, -107.6528287309)),
]

# Irreps in the numbering that FCIDUMP files use (Molpro's).
ORBSYM = {
    "D2h": {"Ag": 1, "B3u": 2, "B2u": 3, "B1g": 4, "B1u": 5, "B2g": 6, "B3g": 7, "Au": 8},
    "C2v": {"A1": 1, "B1": 2, "B2": 3, "A2": 4},
}


def solve(atoms, charge):
    """Nuclear energy, RHF energy, orbital irreps, one- and two-electron integrals over molecular orbitals."""
    molecule = gto.M(atom=[(symbol, tuple(numpy.asarray(r) / BOHR)) for symbol, r in atoms], unit="Bohr", basis=BASIS,
                     charge=charge, symmetry=True, verbose=0)
    if molecule.groupname in ("Dooh", "Coov"):  # Abelian groups are what FCIDUMP knows
        molecule.symmetry_subgroup = {"Dooh": "D2h", "Coov": "C2v"}[molecule.groupname]
        molecule.build()
    field = scf.RHF(molecule)
    field.conv_tol = 1e-14
    field.conv_tol_grad = 1e-9
    field.kernel()
    if not field.converged:
        sys.exit("Hartree-Fock did not converge")
    orbitals = field.mo_coeff.copy()
    orbitals *= numpy.sign(orbitals[numpy.argmax(abs(orbitals), axis=0), range(orbitals.shape[1])])
    names = symm.label_orb_symm(molecule, molecule.irrep_name, molecule.symm_orb, orbitals)
    one = orbitals.T @ field.get_hcore() @ orbitals
    two = ao2mo.restore(1, ao2mo.kernel(molecule, orbitals), orbitals.shape[1])
    return molecule, field.e_tot, [ORBSYM[molecule.groupname][name] for name in names], one, two


def write_fcidump(path, norb, nelec, irreps, core, one, two):
    lines = [f"&FCI NORB={norb},NELEC={nelec},MS2=0,", " ORBSYM=" + "".join(f"{k}," for k in irreps), " ISYM=1,", "&END"]
    gap = [0.0, math.inf]  # largest entry dropped, smallest kept

    def put(value, *indices):
        if abs(value) > CUTOFF:
            gap[1] = min(gap[1], abs(value))
            lines.append(f"{value:24.16E}" + "".join(f"{k:4d}" for k in indices))
        else:
            gap[0] = max(gap[0], abs(value))

    pairs = [(p, q) for p in range(norb) for q in range(p + 1)]
    for (m, (p, q)), (n, (r, s)) in itertools.product(enumerate(pairs), repeat=2):
        if m >= n:
            put(two[p, q, r, s], p + 1, q + 1, r + 1, s + 1)
    for p, q in pairs:
        put(one[p, q], p + 1, q + 1, 0, 0)
    lines.append(f"{core:24.16E}" + "   0" * 4)
    path.write_text("\n".join(lines) + "\n")
    if gap[0] > 1e-13 or gap[1] < 1e-9:
        sys.exit(f"{path}: no clear gap between zeros (up to {gap[0]:.1e}) and integrals (from {gap[1]:.1e})")
    return gap


def read_fcidump(path):
    head, body = path.read_text().split("&END")
    norb, nelec = (int(re.search(rf"{key}=(\d+)", head)[1]) for key in ("NORB", "NELEC"))
    core, one, two = 0.0, numpy.zeros([norb] * 2), numpy.zeros([norb] * 4)
    for line in body.split("\n")[1:-1]:
        value, p, q, r, s = (kind(word) for kind, word in zip((float, int, int, int, int), line.split()))
        p, q, r, s = p - 1, q - 1, r - 1, s - 1
        if r >= 0:
            for a, b, c, d in ((p, q, r, s), (r, s, p, q)):
                two[a, b, c, d] = two[b, a, c, d] = two[a, b, d, c] = two[b, a, d, c] = value
        elif p >= 0:
            one[p, q] = one[q, p] = value
        else:
            core = value
    return norb, nelec, core, one, two


def energies(path):
    """RHF, MP2 and FCI from the file alone."""
    norb, nelec, core, one, two = read_fcidump(path)
    n = nelec // 2
    fock = one + 2 * numpy.einsum("pqkk->pq", two[:, :, :n, :n]) - numpy.einsum("pkkq->pq", two[:, :n, :n, :])
    rhf = core + numpy.trace(one[:n, :n] + fock[:n, :n])
    off = abs(fock - numpy.diag(numpy.diag(fock))).max()
    if off > 1e-7:
        sys.exit(f"{path}: orbitals are not canonical, off-diagonal Fock element {off:.1e}")
    e = numpy.diag(fock)
    ovov = two[:n, n:, :n, n:]
    gaps = e[:n, None, None, None] - e[None, n:, None, None] + e[None, None, :n, None] - e[None, None, None, n:]
    mp2 = rhf + numpy.sum(ovov * (2 * ovov - ovov.swapaxes(1, 3)) / gaps)
    solver = fci.direct_spin1.FCI()
    solver.conv_tol, solver.max_cycle, solver.max_space, solver.nroots = 1e-13, 300, 30, 1
    total, _ = solver.kernel(one, two, norb, (nelec - n, n), ecore=core)
    return norb, nelec, core, rhf, mp2, total


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "data" / "molecules")
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["\t".join(["file", "name", "geometry_angstrom", "basis", "norb", "nelec", "point_group", "nuclear_hartree",
                       "rhf_hartree", "mp2_hartree", "fci_hartree", "source"])]
    for stem, name, words, atoms, charge, recorded in MOLECULES:
        path = folder / f"{stem}.fcidump"
        molecule, rhf, irreps, one, two = solve(atoms, charge)
        gap = write_fcidump(path, one.shape[0], molecule.nelectron, irreps, molecule.energy_nuc(), one, two)
        norb, nelec, *values = energies(path)
        worst = max(abs(a - b) for a, b in zip(values, recorded))
        if worst > 2e-10 or abs(values[1] - rhf) > 1e-10:
            sys.exit(f"{name}: {values} (RHF of the program {rhf}) disagrees with {recorded}")
        rows.append("\t".join([path.name, name, words, "STO-3G", str(norb), str(nelec), molecule.groupname,
                               *(f"{value:.12f}" for value in values),
                               f"PySCF {pyscf.__version__} from this file; all four within 2e-10 of Psi4 1.3.2 (conventional MP2, all electrons)"]))
        print(f"{name}: {path.stat().st_size} bytes, zeros to {gap[0]:.1e}, integrals from {gap[1]:.1e}, "
              f"off the recorded values by {worst:.1e}")
    (folder / "energies.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
