"""A contestant of the benchmarks: PyTorch. Arguments: task, mode, shape as JSON. Then a line on standard input is a repeat of the
task, answered with its milliseconds; the end of the input is answered with the peak memory of the process.

Modes: eager (float32, channels first, what published code runs), channels_last, bfloat16 (channels_last under autocast), compiled
(channels_last, torch.compile).
"""

import json
import resource
import sys
import time

import torch
from torch.nn import functional

from network import Network

IGNORE = 255


def main():
    task, mode, shape = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    torch.set_num_threads(shape["threads"])
    torch.manual_seed(0)
    run = TASKS[task](mode, shape)
    run()
    print(json.dumps({"ready": f"torch {torch.__version__}"}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print(json.dumps({"ms": 1000 * (time.perf_counter() - start)}), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"peakBytes": peak}), flush=True)


def prepare(mode, shape, batch):
    network = Network(shape["classes"])
    images = torch.rand(batch, 3, shape["height"], shape["width"])
    if mode != "eager":
        network = network.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    return network, images


def precision(mode):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=mode == "bfloat16")


def training(mode, shape):
    network, images = prepare(mode, shape, shape["batch"])
    network.train()
    labels = torch.randint(0, shape["classes"], (shape["batch"], shape["height"], shape["width"]))
    weights = torch.ones(shape["classes"])
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4)

    def step():
        optimizer.zero_grad()
        with precision(mode):
            logits, predicted = network(images)
        losses = functional.cross_entropy(logits.float(), labels, weights, ignore_index=IGNORE, reduction="none")
        true = losses.detach().mean((1, 2))
        half = shape["batch"] // 2
        difference = true[:half] - true[half:].flip(0)
        guess = predicted.float()[:half, 0] - predicted.float()[half:, 0].flip(0)
        sign = torch.where(difference > 0, 1.0, -1.0)
        loss = losses.mean() + functional.relu(1 - sign * guess).mean()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def scoring(mode, shape):
    network, images = prepare(mode, shape, 1)
    network.eval()
    if mode == "compiled":
        network = torch.compile(network)

    def score():
        with torch.inference_mode(), precision(mode):
            return network(images)[0].argmax(1)

    return score


def voting(mode, shape, shared=True):
    """Entropy of the votes of stochastic passes; what lies before the dropout is computed once where it is shared."""
    network, images = prepare(mode, shape, 1)
    network.eval()
    network.dropout.train()
    size = images.shape[2:]

    def vote():
        counts = torch.zeros(shape["classes"], *size)
        with torch.inference_mode(), precision(mode):
            ends = network.encode(images) if shared else None
            for _ in range(shape["passes"]):
                if not shared:
                    ends = network.encode(images)
                logits = network.decode(network.dropout(ends[0]), network.dropout(ends[-1]), size)
                counts += functional.one_hot(logits[0].argmax(0), shape["classes"]).permute(2, 0, 1)
            share = counts / shape["passes"]
            return -(share * torch.log2(share.clamp_min(1e-12))).sum(0)

    return vote


TASKS = {
    "training": training,
    "scoring": scoring,
    "voting": voting,
    "voting_naive": lambda mode, shape: voting(mode, shape, shared=False),
}

if __name__ == "__main__":
    main()
