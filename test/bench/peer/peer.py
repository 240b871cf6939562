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

from network import Classes, Network

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
    classes = Classes(network.eval())
    if mode == "compiled":
        classes = torch.compile(classes)

    def score():
        with torch.inference_mode(), precision(mode):
            return classes(images)

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


def attention(mode, shape):
    """Votes to regions: entropy, Gaussian window, suppression. Published code convolves with the whole window; a careful user splits it."""
    passes, side = shape["passes"], shape["regionSizePx"]
    height, width = shape["height"], shape["width"]
    counts = torch.distributions.Multinomial(passes, torch.ones(height * width, shape["classes"])).sample()
    counts = counts.T.reshape(1, -1, height, width).contiguous()
    edges = torch.linspace(-2, 2, side + 1)
    share = torch.diff(0.5 * (1 + torch.erf(edges / 2**0.5)))
    line = torch.sqrt(side * share / share.sum())

    def find():
        with torch.inference_mode():
            share = counts / passes
            entropy = -(share * torch.log2(share.clamp_min(1e-12))).sum(1, keepdim=True)
            if mode == "separable":
                rows = functional.conv2d(entropy, line.reshape(1, 1, 1, -1), padding=(0, side // 2))
                scores = functional.conv2d(rows, line.reshape(1, 1, -1, 1), padding=(side // 2, 0))[0, 0]
            else:
                scores = functional.conv2d(entropy, torch.outer(line, line)[None, None], padding=side // 2)[0, 0]
            picks = []
            for _ in range(32):
                place = scores.argmax().item()
                row, column = divmod(place, width)
                picks.append((row, column))
                scores[max(0, row - side + 1) : row + side, max(0, column - side + 1) : column + side] = -1
            return picks

    return find


def extension(mode, shape):
    """Contextual labels extension by a matrix of all patches: a quarter of the image is labelled."""
    rows, columns = shape["height"] // 8, shape["width"] // 8
    image = torch.rand(1, 3, shape["height"], shape["width"])
    labels = functional.one_hot(torch.randint(0, shape["classes"], (rows, columns)), shape["classes"]).float()
    labelled = (torch.arange(columns) < columns // 4).repeat(rows)

    def extend():
        with torch.inference_mode():
            small = functional.avg_pool2d(image, 8)
            patches = functional.normalize(functional.unfold(small, 3, padding=1)[0].T, dim=1)
            scores = 10 * patches @ patches.T
            attention = scores.masked_fill(~labelled[None], -torch.inf).softmax(1)
            masked = (labels * labelled.reshape(rows, columns, 1)).permute(2, 0, 1)[None]
            pasted = attention @ functional.unfold(masked, 3, padding=1)[0].T
            spread = functional.fold(pasted.T[None], (rows, columns), 3, padding=1)
            spread = spread / spread.sum(1, keepdim=True).clamp_min(1e-12)
            return functional.interpolate(spread, image.shape[2:], mode="bilinear").max(1)

    return extend


TASKS = {
    "training": training,
    "scoring": scoring,
    "voting": voting,
    "attention": attention,
    "extension": extension,
    "voting_naive": lambda mode, shape: voting(mode, shape, shared=False),
}

if __name__ == "__main__":
    main()
