"""Golden features of the encoders, from PyTorch: the networks as they were published, under the names of their state_dicts.

    pip install torch numpy
    python3 test/goldens/make_encoder_goldens.py        (writes encoders.json beside itself)
    npx biome check --write test/goldens                (the repository's format)

Nobody can ship trained weights, and random ones would be 140 MB. So weights, statistics of batch norms and the image come from a
hash of their name and index, which the test computes as well (test/support/hashed-weights.ts), and the file holds nothing but
some values of every stage. Shared are the hash and nothing else: no layer here is taken from the TypeScript sources.
"""

import json
import math
import pathlib

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
# Even at first and odd from an eighth on: both cases of a stride.
HEIGHT, WIDTH = 72, 88
SAMPLES = 64
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


# --- Numbers from names -----------------------------------------------------------------------------------------------


def uniform(name, count):
    """In [0, 1): FNV-1a of the name, then MurmurHash3's last mix of it and the index."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    x = (seed + np.arange(count, dtype=np.uint64) * 0x9E3779B9) % 2**32
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor) % 2**32
    return (x ^ (x >> np.uint64(16))) / 2.0**32


def hashed(name, shape):
    u = uniform(name, math.prod(shape))
    if len(shape) == 4:  # a convolution: variance 2 / fan-in
        values = 2 * (reach := math.sqrt(6 / math.prod(shape[1:]))) * u - reach
    elif name.endswith("running_var"):
        values = 0.5 + u
    elif name.endswith("weight"):
        values = 0.5 + 0.5 * u
    else:  # bias, running_mean
        values = 0.4 * u - 0.2
    return torch.from_numpy(values.reshape(shape).astype(np.float32))


# --- DRN-D (Yu, Koltun and Funkhouser 2017) ---------------------------------------------------------------------------


def conv(channels_in, channels, kernel, stride=1, dilation=1, groups=1):
    padding = dilation * (kernel // 2)
    return nn.Conv2d(channels_in, channels, kernel, stride, padding, dilation, groups, bias=False)


class Basic(nn.Module):
    expansion = 1

    def __init__(self, channels_in, channels, stride, dilation, downsample):
        super().__init__()
        self.conv1 = conv(channels_in, channels, 3, stride, dilation)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = conv(channels, channels, 3, 1, dilation)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = downsample

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, channels_in, channels, stride, dilation, downsample):
        super().__init__()
        self.conv1 = conv(channels_in, channels, 1)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = conv(channels, channels, 3, stride, dilation)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = conv(channels, 4 * channels, 1)
        self.bn3 = nn.BatchNorm2d(4 * channels)
        self.downsample = downsample

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Drn(nn.Module):
    def __init__(self, block, blocks):
        super().__init__()
        self.channels = 3
        self.layer0 = self.plain(16, kernel=7)
        self.layer1 = self.plain(16)
        self.layer2 = self.plain(32, stride=2)
        self.layer3 = self.residual(block, 64, blocks[0], stride=2)
        self.layer4 = self.residual(block, 128, blocks[1], stride=2)
        self.layer5 = self.residual(block, 256, blocks[2], dilation=2)
        self.layer6 = self.residual(block, 512, blocks[3], dilation=4)
        self.layer7 = self.plain(512, dilation=2)
        self.layer8 = self.plain(512)
        self.fc = nn.Conv2d(512, 1000, 1)

    def plain(self, channels, kernel=3, stride=1, dilation=1):
        channels_in, self.channels = self.channels, channels
        return nn.Sequential(conv(channels_in, channels, kernel, stride, dilation), nn.BatchNorm2d(channels), nn.ReLU())

    def residual(self, block, channels, blocks, stride=1, dilation=1):
        layers = []
        for number in range(blocks):
            end = channels * block.expansion
            step = stride if number == 0 else 1
            downsample = None
            if step != 1 or self.channels != end:
                downsample = nn.Sequential(conv(self.channels, end, 1, step), nn.BatchNorm2d(end))
            layers.append(block(self.channels, channels, step, dilation, downsample))
            self.channels = end
        return nn.Sequential(*layers)

    def forward(self, x):
        ends = []
        for number in range(9):
            x = getattr(self, f"layer{number}")(x)
            ends.append(x)
        return ends[3:]


# --- MobileNetV2 (Sandler et al. 2018) by torchvision's names ---------------------------------------------------------


def conv_bn(channels_in, channels, kernel, stride=1, dilation=1, groups=1):
    return nn.Sequential(
        conv(channels_in, channels, kernel, stride, dilation, groups), nn.BatchNorm2d(channels), nn.ReLU6()
    )


class InvertedResidual(nn.Module):
    def __init__(self, channels_in, channels, expansion, stride, dilation):
        super().__init__()
        wide = channels_in * expansion
        layers = [] if expansion == 1 else [conv_bn(channels_in, wide, 1)]
        layers.append(conv_bn(wide, wide, 3, stride, dilation, groups=wide))
        self.conv = nn.Sequential(*layers, conv(wide, channels, 1), nn.BatchNorm2d(channels))
        self.carries = stride == 1 and channels_in == channels

    def forward(self, x):
        return x + self.conv(x) if self.carries else self.conv(x)


class MobileNetV2(nn.Module):
    """At output stride 16, as segmentation takes it: the stage of 160 channels keeps the size, the one of 320 is dilated."""

    # Expansion, channels, blocks, stride of the first block, dilation.
    STAGES = [
        (1, 16, 1, 1, 1),
        (6, 24, 2, 2, 1),
        (6, 32, 3, 2, 1),
        (6, 64, 4, 2, 1),
        (6, 96, 3, 1, 1),
        (6, 160, 3, 1, 1),
        (6, 320, 1, 1, 2),
    ]

    def __init__(self):
        super().__init__()
        features, channels_in, self.ends = [conv_bn(3, 32, 3, 2)], 32, []
        for expansion, channels, blocks, stride, dilation in self.STAGES:
            for block in range(blocks):
                features.append(
                    InvertedResidual(channels_in, channels, expansion, stride if block == 0 else 1, dilation)
                )
                channels_in = channels
            self.ends.append(len(features) - 1)
        features.append(conv_bn(320, 1280, 1))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def forward(self, x):
        ends = []
        for number, layer in enumerate(self.features[:-1]):
            x = layer(x)
            if number in self.ends[1:]:
                ends.append(x)
        return ends


# --- The file ---------------------------------------------------------------------------------------------------------

NETWORKS = {
    "mobilenetv2": MobileNetV2,
    "drn-d-22": lambda: Drn(Basic, [2, 2, 2, 2]),
    "drn-d-38": lambda: Drn(Basic, [3, 4, 6, 3]),
    "drn-d-54": lambda: Drn(Bottleneck, [3, 4, 6, 3]),
}


def load(network):
    state = network.state_dict()
    network.load_state_dict(
        {
            name: value if name.endswith("num_batches_tracked") else hashed(name, tuple(value.shape))
            for name, value in state.items()
        }
    )
    return network.eval()


def image():
    """[1, 3, H, W], normalised."""
    pixels = np.floor(256 * uniform("image", HEIGHT * WIDTH * 3)).reshape(HEIGHT, WIDTH, 3)
    x = (torch.from_numpy(pixels.astype(np.float32)) / 255 - torch.tensor(MEAN)) / torch.tensor(DEVIATION)
    return x.permute(2, 0, 1)[None]


def describe(network):
    """By stage: its shape, [rows, columns, channels], and samples at hashed places of that order."""
    stages = []
    with torch.inference_mode():
        for end in load(network)(image()):
            values = end[0].permute(1, 2, 0).contiguous()
            places = np.floor(uniform("samples", SAMPLES) * values.numel()).astype(np.int64)
            samples = values.reshape(-1)[torch.from_numpy(places)]
            stages.append({"shape": list(values.shape), "samples": [float(f"{v:.7g}") for v in samples.tolist()]})
    state = {name: list(value.shape) for name, value in network.state_dict().items()}
    return {"state": state, "stages": stages}


if __name__ == "__main__":
    golden = {name: describe(make()) for name, make in NETWORKS.items()}
    text = json.dumps({"height": HEIGHT, "width": WIDTH, "networks": golden})
    (HERE / "encoders.json").write_text(text + "\n")
