"""The peer's network: DeepLabV3+ on MobileNetV2 as PyTorch users write it, layer for layer the one that CPRAL trains.

Output stride 16, ASPP rates 6, 12, 18 and image pooling, a dense decoder of two 3x3 convolutions, a loss-prediction head on the
ends of six encoder stages, spatial dropout on the low-level features and after the encoder.
"""

import torch
from torch import nn
from torch.nn import functional

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
EPSILON = 1e-3


def convolution(channels_in, channels, kernel, activation, stride=1, dilation=1, groups=1):
    padding = dilation * (kernel // 2)
    layers = [
        nn.Conv2d(channels_in, channels, kernel, stride, padding, dilation, groups, bias=False),
        nn.BatchNorm2d(channels, eps=EPSILON),
    ]
    if activation is not None:
        layers.append(activation(inplace=True))
    return nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    def __init__(self, channels_in, channels, expansion, stride, dilation):
        super().__init__()
        wide = channels_in * expansion
        layers = [] if expansion == 1 else [convolution(channels_in, wide, 1, nn.ReLU6)]
        layers.append(convolution(wide, wide, 3, nn.ReLU6, stride, dilation, groups=wide))
        layers.append(convolution(wide, channels, 1, None))
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and channels_in == channels

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class Network(nn.Module):
    def __init__(self, classes, dropout=0.25, channels=256):
        super().__init__()
        self.stem = convolution(3, 32, 3, nn.ReLU6, stride=2)
        self.stages = nn.ModuleList()
        channels_in = 32
        for expansion, channels_out, blocks, stride, dilation in STAGES:
            stage = []
            for block in range(blocks):
                stage.append(
                    InvertedResidual(channels_in, channels_out, expansion, stride if block == 0 else 1, dilation)
                )
                channels_in = channels_out
            self.stages.append(nn.Sequential(*stage))
        self.local = convolution(320, channels, 1, nn.ReLU)
        self.atrous = nn.ModuleList([convolution(320, channels, 3, nn.ReLU, dilation=rate) for rate in (6, 12, 18)])
        self.pooled = convolution(320, channels, 1, nn.ReLU)
        self.project = convolution(5 * channels, channels, 1, nn.ReLU)
        self.low_level = convolution(24, 48, 1, nn.ReLU)
        self.refine1 = convolution(channels + 48, channels, 3, nn.ReLU)
        self.refine2 = convolution(channels, channels, 3, nn.ReLU)
        self.classifier = nn.Conv2d(channels, classes, 1)
        self.head = nn.ModuleList([nn.Linear(width, 128) for width in (24, 32, 64, 96, 160, 320)])
        self.head_output = nn.Linear(6 * 128, 1)
        self.dropout = nn.Dropout2d(dropout)

    def encode(self, x):
        x = self.stem(x)
        ends = []
        for stage in self.stages:
            x = stage(x)
            ends.append(x)
        return ends[1:]

    def decode(self, low, last, size):
        rows, columns = last.shape[2:]
        pooled = self.pooled(last.mean((2, 3), keepdim=True)).expand(-1, -1, rows, columns)
        x = self.project(torch.cat([self.local(last), *[conv(last) for conv in self.atrous], pooled], 1))
        x = functional.interpolate(x, low.shape[2:], mode="bilinear", align_corners=True)
        x = self.refine2(self.refine1(torch.cat([x, self.low_level(low)], 1)))
        return functional.interpolate(self.classifier(x), size, mode="bilinear", align_corners=True)

    def predict_loss(self, ends):
        hidden = [functional.relu(linear(end.mean((2, 3)))) for linear, end in zip(self.head, ends)]
        return self.head_output(torch.cat(hidden, 1))

    def forward(self, x):
        ends = self.encode(x)
        return self.decode(self.dropout(ends[0]), self.dropout(ends[-1]), x.shape[2:]), self.predict_loss(ends)


class Classes(nn.Module):
    """The class of every pixel, without the loss-prediction head."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        ends = self.network.encode(x)
        return self.network.decode(ends[0], ends[-1], x.shape[2:]).argmax(1)
