"""Writes pytorch-variants/: what PyTorch saves for less usual models. Run with PyTorch 2.3 or later."""

import collections
import os

import torch
import torch.nn as nn

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pytorch-variants")


def without_source(_):
    raise OSError("the source stays out of the files")


# The legacy format stores the source of each module's class and the path where it lies.
torch.serialization.get_source_lines_and_file = without_source


def save(name, value, **options):
    torch.save(value, os.path.join(folder, name), **options)


def numbers(*shape):
    count = 1
    for length in shape:
        count *= length
    return torch.arange(count, dtype=torch.float32).reshape(shape)


# A convolution whose weight lies in memory channels last: strides that are not row-major.
convolution = nn.Conv2d(3, 2, (2, 2))
with torch.no_grad():
    convolution.weight.copy_(numbers(2, 3, 2, 2))
    convolution.bias.copy_(numbers(2))
convolution = convolution.to(memory_format=torch.channels_last)

for legacy in [False, True]:
    kind = "legacy" if legacy else "zip"
    options = {"_use_new_zipfile_serialization": not legacy}
    save(f"channels_last_{kind}.pth", convolution.state_dict(), **options)
    # Pickle protocol 4 has other opcodes: short strings, frames, memoize.
    save(f"protocol4_{kind}.pth", {"model": {"w": numbers(3)}}, pickle_protocol=4, **options)
    save(f"whole_module_{kind}.pth", nn.Sequential(nn.Linear(2, 2)), **options)

# A training state as scripts write it: optimizer, scheduler with a Counter, averaged weights.
model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
with torch.no_grad():
    for parameter in model.parameters():
        parameter.copy_(numbers(*parameter.shape))
optimizer = torch.optim.AdamW(model.parameters())
model(torch.ones(3, 2)).sum().backward()
with torch.no_grad():
    optimizer.step()
    for parameter in model.parameters():
        parameter.copy_(numbers(*parameter.shape))
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
averaged = {name: value + 100 for name, value in model.state_dict().items()}
save("training.pth", {
    "model_ema": averaged,
    "optimizer": optimizer.state_dict(),
    "lr_scheduler": scheduler.state_dict(),
    "model": collections.OrderedDict(
        ("module." + name, value) for name, value in model.state_dict().items()),
    "random": torch.get_rng_state(),
    "device": torch.device("cpu"),
    "dtype": torch.float16,
    "size": torch.Size([1, 2]),
    "iteration": 7,
})

# Types that came after the named storage classes.
save("new_types.pth", {
    "u16": torch.tensor([1, 65535], dtype=torch.uint16),
    "u32": torch.tensor([1, 4294967295], dtype=torch.uint32),
    "u64": torch.tensor([1, 2], dtype=torch.uint64),
    "e4m3": torch.tensor([1.5, -448.0]).to(torch.float8_e4m3fn),
    "e5m2": torch.tensor([1.5, -57344.0]).to(torch.float8_e5m2),
    "complex": torch.tensor([1 + 2j]),
})

# A parameter that carries an attribute is saved together with its state.
parameter = nn.Parameter(numbers(2))
parameter.is_shared = True
save("parameter_with_state.pth", {"w": parameter, "buffer": nn.Buffer(numbers(1))})

save("sparse.pth", {"w": torch.eye(3).to_sparse()})
save("quantized.pth", {"w": torch.quantize_per_tensor(numbers(4), 0.1, 0, torch.qint8)})
save("complex128.pth", {"w": torch.tensor([1 + 2j], dtype=torch.complex128)})
save("list.pth", [numbers(2), numbers(3)])
save("tensor.pth", numbers(2))
torch.jit.script(nn.Linear(2, 2)).save(os.path.join(folder, "torchscript.pt"))
