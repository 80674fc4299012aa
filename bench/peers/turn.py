"""What every peer of bench/engine.py shares: the job file, and taking turns.

A peer is a process that answers lines of standard input with lines of JSON, so that programs can be measured alternately:

    load FILE          makes a workload ready; answers the options that there are to run it ("options")
    option NAME        chooses one
    check              the answer, to be compared with other programs'
    time CALLS         seconds that so many calls took
    unload | quit

A peer gives one function: load(job) returns an object with `options` (a list of names), choose(name), call() and answer(); or it raises
Unsupported. `timed(calls)` may replace the clock around call().
"""

import gc
import json
import math
import os
import sys
import time


class Unsupported(Exception):
    """This peer cannot do that, or not by any public way."""


class Gate:
    """values: the parameters at the job's theta; terms: for each its [symbol, coefficient] pairs."""

    def __init__(self, name, qubits, values=(), terms=(), pauli=None, matrix=None):
        self.name, self.qubits, self.pauli, self.matrix = name, list(qubits), pauli, matrix
        self.values = list(values)
        self.terms = list(terms) if terms else [[] for _ in self.values]
        # a parameter is constant + sum of coefficient * theta[symbol]
        self.constants = None

    def angle(self, theta):
        """The first parameter at other values of the symbols."""
        return self.constants[0] + sum(c * theta[s] for s, c in self.terms[0])


def read_gate(data, theta):
    numbers = data.get("matrix")
    matrix = None
    if numbers is not None:
        size = math.isqrt(len(numbers) // 2)
        entries = [complex(re, im) for re, im in zip(numbers[::2], numbers[1::2])]
        matrix = [entries[row * size:(row + 1) * size] for row in range(size)]
    gate = Gate(data["name"], data["qubits"], [p["value"] for p in data["parameters"]], [p["terms"] for p in data["parameters"]],
                data.get("pauli"), matrix)
    gate.constants = [v - sum(c * theta[s] for s, c in t) for v, t in zip(gate.values, gate.terms)]
    return gate


class Job:
    def __init__(self, path):
        with open(path) as file:
            data = json.load(file)
        self.kind, self.qubits, self.theta = data["kind"], data["qubits"], data["theta"]
        self.prepare = [read_gate(g, self.theta) for g in data["prepare"]]
        self.gates = [read_gate(g, self.theta) for g in data["gates"]]
        self.terms = [(c, letters, qubits) for c, letters, qubits in data["terms"]]
        self.checked = [int(index) for index in data["checked"]]

    def derivatives(self, by_gate):
        """dE/dtheta from dE/d(first parameter of a gate), {index of the gate: derivative}."""
        gradient = [0.0] * len(self.theta)
        for index, derivative in by_gate.items():
            for symbol, coefficient in self.gates[index].terms[0]:
                gradient[symbol] += coefficient * derivative
        return gradient


def ladder(gate):
    """A rotation about a Pauli string by a chain of cx and one rz; other gates unchanged."""
    if gate.name != "pauli_rotation":
        return [gate]
    before, after = [], []
    for letter, qubit in zip(gate.pauli, gate.qubits):
        if letter == "X":
            before.append(Gate("h", [qubit]))
            after.append(Gate("h", [qubit]))
        elif letter == "Y":  # rx(-pi/2) Z rx(pi/2) = Y
            before.append(Gate("rx", [qubit], [math.pi / 2]))
            after.append(Gate("rx", [qubit], [-math.pi / 2]))
    chain = [Gate("cx", pair) for pair in zip(gate.qubits, gate.qubits[1:])]
    return before + chain + [Gate("rz", gate.qubits[-1:], gate.values)] + chain[::-1] + after


def amplitudes(values):
    return {"amplitudes": [part for value in values for part in (float(value.real), float(value.imag))]}


def timed(runner, calls):
    if hasattr(runner, "timed"):
        return runner.timed(calls)
    call = runner.call
    begin = time.perf_counter()
    for _ in range(calls):
        call()
    return time.perf_counter() - begin


def serve(load, about):
    """Libraries may print what they like: the answers go to a standard output of our own."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(answer):
        out.write(json.dumps(answer) + "\n")
        out.flush()

    say(about)
    runner = None
    for line in sys.stdin:
        words = line.split()
        try:
            if words[0] == "load":
                runner = None
                gc.collect()
                runner = load(Job(words[1]))
                say({"options": runner.options})
            elif words[0] == "option":
                runner.choose(words[1])
                say({})
            elif words[0] == "check":
                say(runner.answer())
            elif words[0] == "time":
                say({"seconds": timed(runner, int(words[1]))})
            elif words[0] == "unload":
                runner = None
                gc.collect()
                say({})
            elif words[0] == "quit":
                return
        except Unsupported as error:
            say({"unsupported": str(error)})
        except Exception as error:  # a peer's own failure is a result, not the end of the run
            say({"failed": f"{type(error).__name__}: {error}"})
