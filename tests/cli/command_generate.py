"""Checks `quern generate`: models of bit strings trained, sampled and scored.

Usage: command_generate.py QUERN SOURCE_FOLDER check
"""
import json
import os
import sys
import xml.dom.minidom

from checks import SOURCE, expect, fails, main, run, untimed, write

TINY = "".join("1,1,0,0\n0,0,1,1\n1,1,0,0\n0,0,1,1\n1,1,1,0\n" for _ in range(10))


def answer(*arguments, code=0):
    done = run("generate", *arguments, "--json", "--quiet")
    expect(done.code == code and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.generate/1", data)
    return data


def check_train_sample_evaluate(folder):
    data, model = write(folder, "d.csv", TINY), os.path.join(folder, "m.json")
    trained = answer("train", data, "--steps", "150", "--output", model)
    result = trained["result"]
    expect(result["model"] == "iqp" and result["gates"] == 15, result)
    expect(result["last_loss"] < .1 * result["first_loss"], result)
    expect([r["model"] for r in result["rivals"]] == ["bitflip", "rbm"], result)
    expect(result["scores"][0]["mmd2"] < result["rivals"][0]["scores"][0]["mmd2"], result)
    expect(trained["ledger"]["workload"] == "sampling" and trained["ledger"]["classical_seconds"]["value"] > 0, trained)
    again = answer("train", data, "--steps", "150", "--threads", "1")["result"]
    expect(untimed(again) == untimed(result), "threads change the run")
    scored = answer("evaluate", model, "--test", data)["result"]
    expect(scored["scores"] == result["scores"], scored)
    rows = os.path.join(folder, "x.csv")
    expect(answer("sample", model, "--shots", "200", "--output", rows)["result"]["samples"] == 200, rows)
    lines = open(rows).read().split()
    expect(len(lines) == 200 and all(set(line) <= set("01,") for line in lines), lines[:3])
    expect(sum(line in ("1,1,0,0", "0,0,1,1") for line in lines) > 100, lines[:9])


def check_checkpoint(folder):
    data, point = write(folder, "d.csv", TINY), os.path.join(folder, "c.bin")
    base = ["train", data, "--rivals", "off", "--exact", "1", "--samples", "50"]
    answer(*base, "--steps", "20", "--checkpoint", point)
    resumed = answer(*base, "--steps", "40", "--checkpoint", point, "--resume")["result"]
    whole = answer(*base, "--steps", "40")["result"]
    for key in ("scores", "last_loss", "kl"):
        expect(resumed[key] == whole[key], key, resumed[key], whole[key])
    fails(1, "is there already", "generate", *base, "--steps", "50", "--checkpoint", point)
    fails(1, "other data or options", "generate", *base, "--steps", "50", "--seed", "1", "--checkpoint", point, "--resume")


def check_tempered(folder):
    data = write(folder, "w.csv", "".join(",".join(str(int((r >> (q % 4)) & 1)) for q in range(17)) + "\n" for r in range(16)))
    base = ["train", data, "--steps", "3", "--hidden", "4", "--sigma", "2", "--exact", "2", "--samples", "10"]
    result = answer(*base)["result"]
    expect([r["model"] for r in result["rivals"]] == ["bitflip", "rbm", "rbm-tempered"], result)
    result = answer(*base, "--model", "rbm-tempered")["result"]
    expect(result["model"] == "rbm-tempered" and [r["model"] for r in result["rivals"]] == ["bitflip", "rbm"], result)
    tiny = write(folder, "t.csv", TINY)  # trained exactly: one machine, whatever its name
    result = answer("train", tiny, "--steps", "3", "--model", "rbm-tempered")["result"]
    expect(result["model"] == "rbm" and [r["model"] for r in result["rivals"]] == ["bitflip"], result)


def check_kinds(folder):
    data = os.path.join(folder, "bars.csv")
    expect(run("generate", "data", "bars", "--bits", "9", "--rows", "2000", "--output", data).code == 0, data)
    expect(len(set(open(data).read().split())) == 14, "3x3 bars and stripes have 14 patterns")
    born = answer("train", data, "--model", "qcbm", "--loss", "kl", "--rate", "0.03", "--steps", "500", "--rivals", "off")
    expect(born["result"]["kl"] < .05, born["result"])
    expect(run("generate", "data", "lognormal", "--bits", "3", "--rows", "5000", "--output", data).code == 0, data)
    game = answer("train", data, "--model", "qgan", "--layers", "2", "--rivals", "off")["result"]
    expect(game["kl"] < .5 * answer("train", data, "--model", "qgan", "--layers", "2", "--rivals", "off", "--steps", "1")["result"]["kl"], game)
    boltzmann = answer("train", write(folder, "d.csv", TINY), "--model", "qbm", "--steps", "100", "--rivals", "off")
    expect(boltzmann["result"]["last_loss"] < .7 * boltzmann["result"]["first_loss"], boltzmann)


def check_blobs(folder):
    shared = os.path.join(SOURCE, "..", "shared", "data", "generative", "16_spins_8_blobs_%s.csv")
    if not os.path.exists(shared % "train"):
        return
    # published: 1.40e-3 for the IQP circuit at this width (arXiv:2503.02934)
    result = answer("train", shared % "train", "--test", shared % "test", "--sigma", "2.449", "--steps", "150", "--rivals",
                    "off")["result"]
    expect(result["exact"] and result["scores"][0]["mmd2"] < 2e-3, result)
    expect(abs(result["scores"][0]["uniform_mmd2"] - .1) < .03, result)


def check_chains(folder):
    plot = os.path.join(folder, "g.svg")
    result = answer("mcmc", "3..6", "--instances", "20", "--plot", plot)["result"]
    expect(.1 < result["quantum"]["k"] < .35 and .8 < result["uniform"]["k"] < 1.1, result)
    xml.dom.minidom.parse(plot)


def check_samplers(folder):
    command = ("mcmc", "3..4", "--instances", "2", "--spins", "6", "--evaluations", "6000", "--temperature", "1.5")
    samples = answer(*command)["result"]["samples"]
    expect(samples["spins"] == 6 and samples["evaluations"] == 6000 and samples["chains"] == 16, samples)
    for kind in ("local", "uniform", "quantum", "tempering", "independent"):
        row = samples[kind]
        for mean in "energy", "magnetisation":
            expect(abs(row[mean] - samples["exact_" + mean]) < 5 * row[mean + "_error"], kind, samples)
    expect(samples["independent"]["autocorrelation_time"] < 3, samples)
    expect(answer(*command, "--threads", "1")["result"]["samples"] == samples, "threads change the samples")
    done = run("generate", *command)
    expect(done.code == 0 and "parallel tempering" in done.out, done)
    fails(2, "17 spins", "generate", "mcmc", "3..4", "--instances", "2", "--spins", "17")
    fails(2, "from 100 up", "generate", "mcmc", "3..4", "--evaluations", "10")


def check_pictures(folder):
    data, model = write(folder, "d.csv", TINY), os.path.join(folder, "m.json")
    plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    done = run("generate", "train", data, "--steps", "20", "--output", model, "--plot", plot, "--report", page)
    expect(done.code == 0 and "Verdict" in done.out and "The commonest strings" in open(page).read(), done)
    xml.dom.minidom.parse(plot)
    done = run("generate", "sample", model, "--plot", plot)
    expect(done.code == 0, done)
    xml.dom.minidom.parse(plot)


def check_mistakes(folder):
    fails(2, "what to do", "generate")
    fails(2, "unknown action 'trian'.*train", "generate", "trian", "x")
    fails(2, "unknown kind of data 'blob'.*blobs", "generate", "data", "blob")
    fails(2, "sizes '7..3'", "generate", "mcmc", "7..3")
    fails(2, "--sigma '1,,2'", "generate", "train", "x.csv", "--sigma", "1,,2")
    fails(3, "row 2, column 1 is 2", "generate", "train", write(folder, "a.csv", "0,1\n2,1\n"))
    fails(3, r"b.csv:2", "generate", "train", write(folder, "b.csv", "0,1\n1\n"))
    fails(3, "schema", "generate", "sample", write(folder, "m.json", "{\"schema\": \"x\"}"))
    fails(2, "not a square", "generate", "data", "bars", "--bits", "8")


if __name__ == "__main__":
    sys.exit(main(globals()))
