"""Times a training step of MED-VT Lite in PyTorch, with stock layers, to be held against `segment train`.

    python Benchmarks/training_step.py --threads 2

The network has the layers and sizes of the preset `medvt-lite`; its values are random, which no step's
time depends on. One step is: forward, cross-entropy and dice on the enlarged logits and on three
auxiliary maps, backward, AdamW on all parameters. It needs torch and torchvision.
"""

import argparse
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn
from torchvision.ops import DeformConv2d

FRAMES, WIDTH, HEADS, HIDDEN = 4, 96, 4, 384
STAGES = [  # blocks, kernel, stride, expansion, channels
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
]
LEVELS = [1, 2, 4, 6]


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's padding, then a batch norm whose statistics stay."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x):
        margins = []
        for length in (x.shape[3], x.shape[2]):
            total = max(0, (-(-length // self.stride[0]) - 1) * self.stride[0]
                        + self.kernel_size[0] - length)
            margins += [total // 2, total - total // 2]
        return self.norm(super().forward(F.pad(x, margins) if any(margins) else x))


class Block(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, expansion):
        super().__init__()
        inner = inputs * expansion
        layers = [] if expansion == 1 else [SameConv(inputs, inner, 1), nn.ReLU6()]
        layers += [SameConv(inner, inner, kernel, stride, inner), nn.ReLU6(),
                   SameConv(inner, outputs, 1)]
        self.layers = nn.Sequential(*layers)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x):
        return self.layers(x) + x if self.shortcut else self.layers(x)


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(SameConv(3, 32, 3, 2), nn.ReLU6())
        self.stages, inputs = nn.ModuleList(), 32
        for count, kernel, stride, expansion, channels in STAGES:
            blocks = []
            for index in range(count):
                blocks.append(Block(inputs, channels, kernel, stride if index == 0 else 1, expansion))
                inputs = channels
            self.stages.append(nn.Sequential(*blocks))

    def forward(self, x):
        x, levels = self.stem(x), []
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if index in LEVELS:
                levels.append(x)
        return levels


class Layer(nn.Module):
    """Attention and a feed-forward block, each with its residual sum and norm."""

    def __init__(self, hidden, own=False):
        super().__init__()
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.own = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True) if own else None
        self.own_norm = nn.LayerNorm(WIDTH) if own else None
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, hidden), nn.Linear(hidden, WIDTH)

    def forward(self, x, keys, values, positions):
        if self.own:
            placed = x + positions
            x = self.own_norm(x + self.own(placed, placed, x, need_weights=False)[0])
        x = self.norm1(x + self.attention(x + positions, keys, values, need_weights=False)[0])
        return self.norm2(x + self.narrow(F.relu(self.wide(x))))


def tokens(x):
    return x.permute(0, 2, 3, 1).reshape(1, -1, x.shape[1])


class MEDVTLite(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.projections = nn.ModuleList(
            nn.Conv2d(STAGES[level][4], WIDTH, 1) for level in LEVELS)
        self.adapter = nn.Conv2d(WIDTH, WIDTH, 1)
        self.deep = nn.ModuleList(Layer(HIDDEN) for _ in range(3))
        self.cross, self.shallow = Layer(HIDDEN), Layer(HIDDEN // 2)
        self.pixels = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 3, padding=1) for _ in range(4))
        self.norms = nn.ModuleList(nn.GroupNorm(8, WIDTH) for _ in range(5))
        self.offsets = nn.Conv2d(WIDTH, 18, 1)
        self.deformable = DeformConv2d(WIDTH, WIDTH, 3, padding=1, bias=False)
        self.decoder = nn.ModuleList(Layer(HIDDEN, own=True) for _ in range(3))
        self.decoder_norm = nn.LayerNorm(WIDTH)
        self.queries = nn.Embedding(FRAMES, WIDTH)
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        channels = [WIDTH + HEADS, 64, 48, 32]
        self.head = nn.Sequential(
            nn.Conv3d(channels[0], channels[1], (1, 3, 3), padding=(0, 1, 1)),
            nn.GroupNorm(4, channels[1]), nn.ReLU(),
            nn.Conv3d(channels[1], channels[2], 3, padding=2, dilation=2),
            nn.GroupNorm(4, channels[2]), nn.ReLU(),
            nn.Conv3d(channels[2], channels[3], 3, padding=2, dilation=2),
            nn.GroupNorm(4, channels[3]), nn.ReLU(), nn.Conv3d(channels[3], 1, 1))
        self.auxiliary = nn.ModuleList(nn.Conv2d(WIDTH, 1, 1) for _ in range(3))

    def forward(self, frames):
        levels = [project(x) for project, x in zip(self.projections, self.backbone(frames))]
        # Positions are constants: zeros cost what sines would.
        positions = [torch.zeros_like(tokens(x)) for x in levels]
        deep = tokens(levels[3])
        for layer in self.deep:
            deep = layer(deep, deep + positions[3], deep, positions[3])
        size = levels[2].shape
        deep = deep.reshape(FRAMES, *levels[3].shape[2:], WIDTH).permute(0, 3, 1, 2)
        enlarged = tokens(F.interpolate(deep, size[2:], mode="bilinear", align_corners=False))
        shallow = tokens(levels[2])
        keys = (enlarged - enlarged.mean(1, True)) / enlarged.std(1, keepdim=True)
        keys = keys * shallow.std(1, keepdim=True) + shallow.mean(1, True)
        shallow = self.cross(shallow, keys + positions[2], keys, positions[2])
        shallow = self.shallow(shallow, shallow + positions[2], shallow, positions[2])
        lateral = [self.adapter(shallow.reshape(FRAMES, *size[2:], WIDTH).permute(0, 3, 1, 2)),
                   levels[1], levels[0]]
        x = F.relu(self.norms[0](self.pixels[0](deep)))
        x = F.relu(self.norms[1](self.pixels[1](x)))
        maps = [x]
        for step in range(3):
            x = lateral[step] + F.interpolate(x, lateral[step].shape[2:], mode="nearest")
            x = self.deformable(x, self.offsets(x)) if step == 2 else self.pixels[step + 2](x)
            x = F.relu(self.norms[step + 2](x))
            maps.append(x)
        target = torch.full((1, FRAMES, WIDTH), 1e-6)
        for index, layer in enumerate(self.decoder):
            memory = tokens(maps[1 + index])
            target = layer(target, memory + positions[2 - index], memory,
                           self.queries.weight[None])
        query = self.query(self.decoder_norm(target))[0].reshape(FRAMES, HEADS, -1)
        key = self.key(maps[3].permute(0, 2, 3, 1)).unflatten(-1, (HEADS, -1))
        attention = torch.einsum("fhc,fyxhc->fhyx", query, key) * (WIDTH // HEADS) ** -0.5
        features = torch.cat([maps[3], attention.softmax(1)], 1)
        logits = self.head(features.transpose(0, 1)[None])[0, 0]
        return logits, [head(x)[:, 0] for head, x in zip(self.auxiliary, maps)]


def loss_of(logits, masks):
    logits = F.interpolate(logits[:, None], masks.shape[1:], mode="bilinear")[:, 0]
    probabilities = logits.sigmoid()
    overlap = 2 * (probabilities * masks).sum() + 1
    dice = 1 - overlap / (probabilities.sum() + masks.sum() + 1)
    return F.binary_cross_entropy_with_logits(logits, masks) + dice


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=7)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--height", type=int, default=224)
    parser.add_argument("--width", type=int, default=384)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = MEDVTLite()
    model.backbone.eval()  # Batch norms keep their statistics.
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=1e-4)
    frames = torch.randn(FRAMES, 3, options.height, options.width)
    if options.channels_last:
        model.backbone.to(memory_format=torch.channels_last)
        frames = frames.to(memory_format=torch.channels_last)
    masks = (torch.rand(FRAMES, options.height, options.width) > 0.7).float()
    seconds = []
    for _ in range(options.steps + 1):
        start = time.perf_counter()
        optimizer.zero_grad()
        logits, auxiliary = model(frames)
        loss = loss_of(logits, masks) + 0.3 * sum(loss_of(x, masks) for x in auxiliary)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"torch {torch.__version__}, {options.threads} threads, {parameters} parameters")
    print(f"step: {statistics.median(seconds[1:]) * 1e3:.0f} ms (median of {options.steps})")


if __name__ == "__main__":
    main()
