"""qsim for bench/engine.py, through qsimcirq's bindings. Arguments: threads, precision (f32 alone).

The circuit is translated once; a call is one simulation: fusing the gates, the state, and one amplitude or expectation value. qsim has no
public way to apply a gate to a state that is kept, and no gradients.
"""

import sys

import cirq
import numpy
import qsimcirq
from turn import Unsupported, amplitudes, ladder, serve

qsim = qsimcirq.qsim


def operation(g):
    q = [cirq.LineQubit(k) for k in g.qubits]
    angle = g.values[0] if g.values else 0.0
    simple = {"h": cirq.H, "x": cirq.X, "cx": cirq.CNOT, "cz": cirq.CZ, "swap": cirq.SWAP}
    if g.name in simple:
        return simple[g.name](*q)
    rotation = {"rx": cirq.rx, "ry": cirq.ry, "rz": cirq.rz}
    if g.name in rotation:
        return rotation[g.name](angle)(*q)
    if g.name == "cp":
        return cirq.CZPowGate(exponent=angle / numpy.pi)(*q)
    if g.name == "rzz":
        half = numpy.exp(0.5j * angle)
        return cirq.MatrixGate(numpy.diag([1 / half, half, half, 1 / half]))(*q)
    if g.matrix is not None:  # the first qubit is the most significant there
        return cirq.MatrixGate(numpy.array(g.matrix))(*q[::-1])
    raise Unsupported(f"gate {g.name}")


def translated(nqubits, gates):
    operations = [operation(part) for g in gates for part in ladder(g)]
    circuit = cirq.Circuit(operations + [cirq.I(cirq.LineQubit(k)) for k in range(nqubits)])
    order = [cirq.LineQubit(k) for k in reversed(range(nqubits))]
    return qsimcirq.QSimCircuit(circuit).translate_cirq_to_qsim(order)[0]


class Runner:
    options = ["f2", "f3", "f4"]

    def __init__(self, job):
        if job.kind in ("gate", "gradient"):
            raise Unsupported("single gates" if job.kind == "gate" else "gradients")
        self.job = job
        self.settings = qsimcirq.QSimOptions(cpu_threads=int(sys.argv[1])).as_dict()
        self.settings.update(c=translated(job.qubits, job.gates), i=self.bits([0]), s=1)
        self.choose("f2")
        if job.kind == "state":
            self.call = lambda: qsim.qsim_simulate(self.settings)
            return
        strings = []
        for c, letters, qubits in job.terms:
            string = qsim.OpString()
            string.weight = c
            for letter, q in zip(letters, qubits):
                qsim.add_gate_to_opstring({"X": qsim.kX, "Y": qsim.kY, "Z": qsim.kZ}[letter], [q], string)
            strings.append(string)
        sums = [(strings, job.qubits)]
        self.call = lambda: qsim.qsim_simulate_expectation_values(self.settings, sums, 0)

    def bits(self, indices):
        return "\n".join(format(index, "b").zfill(self.job.qubits)[::-1] for index in indices)

    def choose(self, option):
        self.settings["f"] = int(option[1:])

    def answer(self):
        if self.job.kind != "state":
            return {"value": float(self.call()[0].real)}
        whole = {**self.settings, "c": translated(self.job.qubits, self.job.prepare + self.job.gates), "i": self.bits(self.job.checked)}
        return amplitudes(qsim.qsim_simulate(whole))


if sys.argv[2] != "f32":
    sys.exit("qsim: single precision only")
serve(Runner, {"version": qsimcirq.__version__, "arch": qsim.__name__})
