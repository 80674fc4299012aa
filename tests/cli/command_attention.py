"""Checks `quern attention`: the shipped model, heads from files, training, pictures, and what is refused.

Usage: command_attention.py QUERN SOURCE_FOLDER check
"""
import json
import math
import os
import random
import sys
import xml.dom.minidom

from checks import SOURCE, expect, fails, main, run, untimed, write


def answer(*arguments):
    done = run("attention", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.attention/1", data)
    return data


def matrix(folder, name, rows, columns, size, seed):
    draw = random.Random(seed)
    m = [[draw.uniform(-size, size) for _ in range(columns)] for _ in range(rows)]
    return m, write(folder, name, "".join(",".join(repr(x) for x in row) + "\n" for row in m))


def product(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def check_model(folder):
    for layer in range(2):
        for head in range(4):
            data = answer("--text", "a quantum computer holds no files", "--layer", str(layer), "--head", str(head))
            result = data["result"]
            expect(data["input"]["tokens"] == 33 and result["argmax_agreeing"] >= 30, data)
            expect(result["softmax_error"] <= .01 and result["softmax_error"] <= result["softmax_bound"], result)
            expect(result["alpha"]["scores"] > 1e3 and result["next"]["agreeing"] >= 32, result)
            expect(result["classical_advantage"] > 1e6, result)
    a = result["alpha"]
    expect(abs(a["scores"] - a["x"] ** 2 * a["query"] * a["key"] / 4) < 1e-6 * a["scores"], a)
    fine = answer("--epsilon", "1e-8")["result"]
    coarse = answer("--epsilon", "0.3")["result"]
    expect(fine["degree"] > coarse["degree"] and fine["output_error"] < coarse["output_error"], fine, coarse)
    expect(answer("--degree", "7")["result"]["degree"] == 7, "degree")
    one, two = answer()["result"], answer()["result"]
    one["classical_advantage"] = two["classical_advantage"] = 0
    expect(untimed(one) == untimed(two), one, two)
    expect(answer("--text", "x" * 200)["input"]["tokens"] == 64, "the last 64 characters")


def check_own_weights(folder):
    x, input_path = matrix(folder, "x.csv", 5, 4, 1, 1)
    (q, q_path), (k, k_path), (v, v_path) = (matrix(folder, n + ".csv", 4, 3, 1, s) for s, n in enumerate("qkv", 2))
    data = answer("--weights", ",".join((q_path, k_path, v_path)), "--input", input_path, "--mask", "none", "--epsilon", "1e-6")
    scores = product(product(x, q), list(zip(*product(x, k))))
    largest = max(abs(s) for row in scores for s in row) / math.sqrt(3)
    expect(abs(data["result"]["alpha"]["score_most"] - largest) < 1e-12, data, largest)
    expect("next" not in data["result"] and not data["input"]["causal"], data)
    fails(2, "k.csv|K is", "attention", "--weights", ",".join((q_path, input_path, v_path)), "--input", input_path)
    fails(2, "three files", "attention", "--weights", q_path, "--input", input_path)
    fails(2, "go together", "attention", "--weights", q_path)


def check_pictures(folder):
    plot, page, out = (os.path.join(folder, name) for name in ("p.svg", "p.html", "o.npy"))
    done = run("attention", "--text", "hello", "--plot", plot, "--report", page, "--output", out)
    expect(done.code == 0 and "Verdict" in done.out, done)
    xml.dom.minidom.parse(plot)
    text = open(page, encoding="utf-8").read()
    expect("Attention weights" in text and "against the degree" in text, page)
    expect(open(out, "rb").read(6) == b"\x93NUMPY", out)


def check_training(folder):
    model, corpus = os.path.join(folder, "m.npy"), os.path.join(SOURCE, "data", "char_model", "corpus.txt")
    text = write(folder, "t.txt", open(corpus, encoding="ascii").read()[:4000])
    done = run("attention", "--train", text, "--steps", "3", "--output", model, "--quiet")
    expect(done.code == 0 and "nats a character" in done.out, done)
    expect(answer("--model", model, "--text", "abc")["input"]["tokens"] == 3, "own model")
    fails(2, "--train needs --output", "attention", "--train", text)
    fails(2, "characters", "attention", "--train", write(folder, "s.txt", "short"), "--output", model)


def check_bad_input(folder):
    fails(2, "layers 0 to 1 and heads 0 to 3", "attention", "--layer", "2")
    fails(2, "layers 0 to 1 and heads 0 to 3", "attention", "--head", "9")
    fails(2, "epsilon", "attention", "--epsilon", "5")
    fails(2, "degree", "attention", "--degree", "99999")
    fails(2, "empty", "attention", "--text", "")
    done = run("attention", "--text", "caf\u00e9 x", "--quiet")
    expect(done.code == 0 and "2 of 7 bytes of the text are neither printable ASCII" in done.err, done)
    fails(2, "no model", "attention", "--model", write(folder, "m.csv", "1\n2\n"))
    fails(2, "unexpected argument", "attention", "x.txt")


if __name__ == "__main__":
    sys.exit(main(globals()))
