"""Golden values for the tests, from NumPy and the definitions alone: nothing here is taken from the TypeScript sources.

    python3 test/goldens/make_goldens.py        (needs numpy only; writes *.json beside itself)
    npx biome check --write test/goldens        (the repository's format)

Each part is written in the most direct way, dense matrices and loops over everything, with no thought of speed.
"""

import hashlib
import json
import math
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def write(name, value):
    def plain(x):
        if isinstance(x, dict):
            return {key: plain(item) for key, item in x.items()}
        if isinstance(x, np.ndarray):
            return [int(v) if x.dtype.kind in "iu" else float(v) for v in x.ravel()]
        if isinstance(x, (list, tuple)):
            return [plain(item) for item in x]
        return x.item() if isinstance(x, np.generic) else x

    (HERE / f"{name}.json").write_text(json.dumps(plain(value)) + "\n")


# --- Eq. 5: the kernel ------------------------------------------------------------------------------------------------


def phi(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def kernel(steps, sigma):
    """K, s x s."""
    edges = [-sigma + 2 * sigma * i / steps for i in range(steps + 1)]
    # The mirrored difference where both edges are positive: Phi is 1 there to all digits.
    p = np.array(
        [phi(b) - phi(a) if b <= 0 else phi(-a) - phi(-b) for a, b in zip(edges, edges[1:])]
    )
    outer = np.outer(p, p)
    outer /= outer.sum()
    return steps * np.sqrt(outer)


def filter_map(entropy, weights):
    """Two-dimensional filter, zero padding, as large as the map."""
    height, width = entropy.shape
    steps = weights.shape[0]
    radius = (steps - 1) // 2
    padded = np.zeros((height + 2 * radius, width + 2 * radius))
    padded[radius : radius + height, radius : radius + width] = entropy
    result = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            result[y, x] = (padded[y : y + steps, x : x + steps] * weights).sum()
    return result


# --- Eq. 4: vote entropy ----------------------------------------------------------------------------------------------


def vote_entropy(votes, classes):
    """votes: m x H x W."""
    share = np.stack([(votes == c).mean(axis=0) for c in range(classes)])
    logs = np.log2(np.where(share > 0, share, 1))
    return -(share * logs).sum(axis=0)


# --- Eq. 6: non-maximum suppression -----------------------------------------------------------------------------------


def suppress(scores, side):
    """Centres one by one; a centre is out when its window, moved inside the image, overlaps one that was picked."""
    height, width = scores.shape
    radius = (side - 1) // 2
    centres = []
    for y in range(height):
        for x in range(width):
            top = min(max(y - radius, 0), height - side)
            left = min(max(x - radius, 0), width - side)
            centres.append((-scores[y, x], top, left))
    taken = np.zeros((height, width), bool)
    picked = []
    for negative, top, left in sorted(centres):
        window = taken[top : top + side, left : left + side]
        if not window.any():
            window[:] = True
            picked.append([top, left, -negative])
    return picked


# --- Eq. 7 and 8: contextual labels extension -------------------------------------------------------------------------


def extension(rgb, classes, stride, class_count, scale):
    """Label distribution of each cell. rgb: H x W x 3; classes: H x W, 255 where unlabelled. One matrix for each offset."""
    height, width = classes.shape
    rows, columns = -(-height // stride), -(-width // stride)
    colors = np.zeros((rows, columns, 3))
    labels = np.zeros((rows, columns, class_count))
    for r in range(rows):
        for c in range(columns):
            block = np.s_[r * stride : (r + 1) * stride, c * stride : (c + 1) * stride]
            colors[r, c] = rgb[block].reshape(-1, 3).mean(axis=0) / 127.5 - 1
            given = classes[block][classes[block] != 255]
            if given.size:
                labels[r, c] = np.bincount(given, minlength=class_count) / given.size

    edge = np.pad(colors, ((1, 1), (1, 1), (0, 0)), mode="edge")
    patches = np.stack(
        [edge[r : r + 3, c : c + 3].ravel() for r in range(rows) for c in range(columns)]
    )
    unit = patches / np.maximum(np.linalg.norm(patches, axis=1, keepdims=True), 1e-4)
    scores = scale * unit @ unit.T
    flat = labels.reshape(-1, class_count)
    scores[:, flat.sum(axis=1) == 0] = -np.inf
    attention = np.exp(scores - scores.max(axis=1, keepdims=True))
    attention /= attention.sum(axis=1, keepdims=True)

    cells = rows * columns
    pasted = np.zeros((cells, class_count))
    mass = np.zeros((cells, 1))
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            # shift[p, q] = 1 where p = q + d, inside the grid.
            shift = np.zeros((cells, cells))
            for r in range(rows):
                for c in range(columns):
                    if 0 <= r + dy < rows and 0 <= c + dx < columns:
                        shift[(r + dy) * columns + c + dx, r * columns + c] = 1
            shifted = shift.T @ flat
            pasted += shift @ attention @ shifted
            mass += shift @ attention @ shifted.sum(axis=1, keepdims=True)
    return pasted / mass


def interpolate(distribution, rows, columns, stride, height, width):
    """Bilinear between the centres of cells, constant beyond them."""
    grid = distribution.reshape(rows, columns, -1)
    result = np.zeros((height, width, grid.shape[2]))
    for y in range(height):
        for x in range(width):
            v = min(max((y + 0.5) / stride - 0.5, 0), rows - 1)
            u = min(max((x + 0.5) / stride - 0.5, 0), columns - 1)
            for r in range(rows):
                for c in range(columns):
                    weight = max(0, 1 - abs(v - r)) * max(0, 1 - abs(u - c))
                    if weight:
                        result[y, x] += weight * grid[r, c]
    return result


# --- The pairwise loss ------------------------------------------------------------------------------------------------


def loss_pairs(losses, predictions, margin):
    half = len(losses) // 2
    first, second = np.s_[:half], np.s_[: half - 1 : -1]
    sign = np.where(losses[first] > losses[second], 1, -1)
    return np.maximum(0, margin - sign * (predictions[first] - predictions[second])).mean()


# --- One deterministic pass: softmax entropy, least confidence, margin ------------------------------------------------


def pixel_uncertainty(logits):
    """logits: pixels x classes, at least two classes."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = shifted / shifted.sum(axis=1, keepdims=True)
    ordered = np.sort(p, axis=1)[:, ::-1]
    entropy = -(p * np.log2(np.where(p > 0, p, 1))).sum(axis=1)
    return entropy, 1 - ordered[:, 0], 1 - (ordered[:, 0] - ordered[:, 1])


# --- Core-set: k-centre greedy ----------------------------------------------------------------------------------------


def k_centre(candidates, centres, names, count):
    """The whole matrix of distances at once; names break ties."""
    nearest = np.linalg.norm(candidates[:, None, :] - centres[None, :, :], axis=2).min(axis=1)
    picked = []
    free = set(range(len(candidates)))
    while free and len(picked) < count:
        best = min(free, key=lambda i: (-nearest[i], names[i].encode()))
        picked.append([names[best], nearest[best]])
        free.remove(best)
        nearest = np.minimum(nearest, np.linalg.norm(candidates - candidates[best], axis=1))
    return picked


# --- Seeded randomness ------------------------------------------------------------------------------------------------


def random_stream(parts, count):
    """sfc32 seeded by the SHA-256 of the parts as JSON, 53 bits from two words."""
    digest = hashlib.sha256(json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()).digest()
    a, b, c, counter = (int.from_bytes(digest[i : i + 4], "little") for i in (0, 4, 8, 12))
    word_mask = 0xFFFFFFFF
    words = []
    for _ in range(2 * count):
        word = (a + b + counter) & word_mask
        counter = (counter + 1) & word_mask
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & word_mask
        c = (((c << 21) | (c >> 11)) + word) & word_mask
        words.append(word)
    return [((high >> 5) * 2**26 + (low >> 6)) / 2**53 for high, low in zip(words[::2], words[1::2])]


def main():
    rng = np.random.default_rng(20220222)

    write(
        "kernel",
        [
            {"steps": steps, "sigma": sigma, "kernel": kernel(steps, sigma)[(steps - 1) // 2]}
            for steps, sigma in [(1, 2.0), (3, 2.0), (9, 0.5), (23, 2.0), (65, 2.0), (23, 9.0)]
        ],
    )

    filters = []
    for height, width, steps in [(1, 1, 1), (1, 7, 3), (6, 5, 5), (9, 12, 3), (8, 8, 11), (20, 17, 9)]:
        entropy = np.where(rng.random((height, width)) < 0.4, rng.random((height, width)) * 3, 0)
        entropy = entropy.astype(np.float32).astype(float)
        filters.append(
            {
                "height": height,
                "width": width,
                "steps": steps,
                "entropy": entropy,
                "gaussian": filter_map(entropy, kernel(steps, 2.0)),
                "windowSum": filter_map(entropy, np.ones((steps, steps))),
            }
        )
    write("filter", filters)

    suppressions = []
    for height, width, side, levels in [(1, 1, 1, 2), (5, 5, 5, 3), (6, 9, 1, 4), (9, 14, 3, 5), (16, 13, 5, 40), (12, 20, 7, 6)]:
        scores = rng.integers(0, levels, (height, width)) / 4
        suppressions.append(
            {"height": height, "width": width, "side": side, "scores": scores, "windows": suppress(scores, side)}
        )
    write("suppression", suppressions)

    entropies = []
    for passes, classes, pixels in [(1, 3, 4), (2, 2, 8), (20, 11, 40), (20, 20, 30), (7, 19, 30)]:
        votes = rng.integers(0, classes, (passes, 1, pixels))
        # Most pixels are nearly sure.
        votes = np.where(rng.random(votes.shape) < 0.6, votes[:1], votes)
        entropies.append({"passes": passes, "classes": classes, "votes": votes, "entropy": vote_entropy(votes, classes)})
    write("vote-entropy", entropies)

    extensions = []
    for height, width, stride, class_count, scale in [(6, 7, 1, 3, 10.0), (12, 20, 4, 4, 10.0), (13, 18, 5, 3, 40.0), (4, 4, 8, 2, 10.0)]:
        rgb = rng.integers(0, 256, (height, width, 3))
        classes = rng.integers(0, class_count, (height, width))
        classes[rng.random((height, width)) < 0.15] = 255
        labelled = np.zeros((height, width), bool)
        labelled[: height // 2, width // 3 : width // 3 + max(1, width // 3)] = True
        labelled[-1, -1] = True
        seen = np.where(labelled, classes, 255)
        distribution = extension(rgb, seen, stride, class_count, scale)
        rows, columns = -(-height // stride), -(-width // stride)
        pixels = interpolate(distribution, rows, columns, stride, height, width)
        extensions.append(
            {
                "height": height,
                "width": width,
                "stride": stride,
                "classCount": class_count,
                "scale": scale,
                "rgb": rgb,
                "classes": seen,
                "labelled": labelled.astype(int),
                "distribution": distribution,
                "likeliest": pixels.argmax(axis=2),
                "confidence": pixels.max(axis=2),
            }
        )
    write("extension", extensions)

    candidates = [
        {"imageId": image, "top": int(top), "left": int(left), "score": score / 8}
        for image, top, left, score in zip(
            rng.choice(["a", "B", "b10", "b9", "ä"], 60), rng.integers(0, 4, 60), rng.permutation(60), rng.integers(0, 5, 60)
        )
    ]
    ranked = sorted(candidates, key=lambda c: (-c["score"], c["imageId"].encode("utf-16-be"), c["top"], c["left"]))
    write("top-k", {"candidates": candidates, "top": ranked[:25]})

    pairs = []
    for batch in (2, 4, 8):
        losses, predictions = rng.integers(0, 4, batch) / 2, rng.normal(size=batch)
        pairs.append({"losses": losses, "predictions": predictions, "margin": 1.0, "loss": loss_pairs(losses, predictions, 1.0)})
    write("loss-pairs", pairs)

    write(
        "random",
        [{"parts": parts, "numbers": random_stream(parts, 5)} for parts in (["noise", 7, "a"], ["bild-ä"], [1, 2, 3])],
    )

    uncertainties = []
    for pixels, classes in [(1, 2), (12, 3), (30, 19)]:
        logits = (rng.normal(size=(pixels, classes)) * 4).astype(np.float32).astype(float)
        entropy, confidence, margin = pixel_uncertainty(logits)
        uncertainties.append(
            {"pixels": pixels, "classes": classes, "logits": logits.tolist(), "entropy": entropy, "confidence": confidence, "margin": margin}
        )
    write("pixel-uncertainty", uncertainties)

    # Whole numbers, so that distances tie and squares add without rounding.
    selections = []
    for images, labelled, dimensions, count in [(6, 1, 1, 6), (20, 3, 2, 9), (40, 5, 7, 12)]:
        candidates, centres = rng.integers(-3, 4, (images, dimensions)), rng.integers(-3, 4, (labelled, dimensions))
        names = [f"image-{i}" for i in rng.permutation(images)]
        picked = k_centre(candidates.astype(float), centres.astype(float), names, count)
        selections.append(
            {"dimensions": dimensions, "names": names, "candidates": candidates.tolist(), "centres": centres.tolist(), "count": count, "picked": picked}
        )
    write("k-centre", selections)


main()
