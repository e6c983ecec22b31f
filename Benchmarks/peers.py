"""Computes the cases of the benchmarks with PyTorch, OpenVINO or ONNX Runtime.

    kernels --compare torch openvino onnxruntime --python PYTHON

starts it, once a library; it is not meant to be started by hand. Each line of the standard input is a request
in JSON: "hello", "workload" (an operation with its fields and operands), "run" (the last workload again and again
for some seconds, after a run that is not timed).
Each answer is a line on the standard output: {"ready": true}, samples of the result or {} where the library has
no such operation, the seconds that a run took (the median of those that were timed).

An operation is a module of stock PyTorch layers, computed as it stands, or converted by OpenVINO's own converter,
or exported to ONNX. What a program would do once (convert weights, make masks) is not timed.
"""

import argparse
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch import Tensor, nn
except ImportError as error:
    sys.exit(f"peers.py: {error.name} is missing: pip install numpy torch "
             "(and openvino, or onnx and onnxruntime, to compare with them)")

Run = Callable[[], None]
Fields = dict[str, Any]
Operands = dict[str, Tensor]


def values(operand: Fields) -> Tensor:
    """The operand's values: those of `SyntheticWeights`, splitmix64 over the hash of the name."""
    seed = 0xCBF29CE484222325
    for byte in operand["name"].encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        bits = np.arange(1, np.prod(operand["shape"]) + 1, dtype=np.uint64)
        bits = np.uint64(seed) + bits * np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    unit = (bits >> np.uint64(40)).astype(np.float32) * np.float32(2**-23) - np.float32(1)
    result = np.float32(operand["base"]) + np.float32(operand["scale"]) * unit
    return torch.from_numpy(result.reshape(operand["shape"]))


class Operation(nn.Module):
    """An operation whose weights are attributes and whose `inputs` are handed over in each run."""

    # Whether inputs and results have their channels behind the batch, as PyTorch wants it; ours are last.
    channels_first = False

    def __init__(self, *inputs: Tensor) -> None:
        super().__init__()
        self.inputs = [channels_first(x) if self.channels_first else x for x in inputs]


def channels_first(x: Tensor) -> Tensor:
    """The axis of channels moved from the end; in memory the channels stay last."""
    return x.movedim(-1, 1)


def channels_last(x: Tensor) -> Tensor:
    return x.movedim(1, -1)


class LinearLayer(Operation):
    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(operands["x"])
        self.weight, self.bias = operands["weight"], operands["bias"]

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)


class MatrixProduct(Operation):
    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(operands["a"], operands["b"])

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return a @ b


class Convolution(Operation):
    channels_first = True

    def __init__(self, fields: Fields, operands: Operands) -> None:
        over_frames = fields["isOverFrames"]
        super().__init__(operands["x"][None] if over_frames else operands["x"])
        self.convolve = F.conv3d if over_frames else F.conv2d
        self.weight = operands["weight"].contiguous(
            memory_format=torch.channels_last_3d if over_frames else torch.channels_last)
        self.bias = operands.get("bias")
        self.stride, self.groups = fields["stride"], fields["groups"]
        self.dilation = fields["dilation"]
        self.padding = self.dilation * (fields["kernel"] - 1) // 2

    def forward(self, x: Tensor) -> Tensor:
        return self.convolve(x, self.weight, self.bias, self.stride, self.padding,
                             self.dilation, self.groups)


class DeformableConvolution(Operation):
    """All taps of all pixels sampled at once, then a linear layer over taps and channels."""

    channels_first = True

    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(operands["x"], operands["offsets"])
        self.weight = operands["weight"]
        _, height, width = fields["size"]
        rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        taps = torch.arange(9)
        # [2, taps, height, width]: where the taps lie without offsets, y before x.
        self.places = torch.stack([
            rows + (taps // 3 - 1)[:, None, None], columns + (taps % 3 - 1)[:, None, None]]).float()
        # What makes pixels of shares from -1 to 1.
        self.scale = 2 / (torch.tensor([width, height]).float() - 1)

    def forward(self, x: Tensor, offsets: Tensor) -> Tensor:
        frames, channels, height, width = x.shape
        moves = offsets.reshape(frames, 9, 2, height, width).transpose(1, 2)
        places = (self.places + moves).flip(1).permute(0, 2, 3, 4, 1)
        grid = (places * self.scale - 1).reshape(frames, 9 * height, width, 2)
        samples = F.grid_sample(x, grid, align_corners=True)
        samples = samples.reshape(frames, channels * 9, height, width)
        return F.conv2d(samples, self.weight.reshape(-1, channels * 9, 1, 1))


class Attention(Operation):
    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(operands["queries"], operands["keys"], operands["values"])
        self.heads = fields["heads"]
        self.mask = None
        if fields["padding"]:
            self.mask = torch.zeros(1, 1, 1, fields["keys"])
            self.mask[..., -fields["padding"]:] = -torch.inf

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        q, k, v = (x.unflatten(2, (self.heads, -1)).transpose(1, 2) for x in (queries, keys, values))
        return F.scaled_dot_product_attention(q, k, v, self.mask).transpose(1, 2).flatten(2)


class Propagation(Operation):
    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(*operands.values())
        self.scale = fields["scale"]
        frames = torch.arange(fields["frames"]).repeat_interleave(fields["frame"])
        self.mask = torch.zeros(len(frames), len(frames))
        self.mask[frames[:, None] == frames] = -torch.inf

    def forward(self, *inputs: Tensor) -> Tensor:
        queries, keys, values = (x[None, None] for x in (inputs[0], *inputs[-2:]))
        return F.scaled_dot_product_attention(
            queries, keys, values, self.mask, scale=self.scale)[0, 0]


class SwinAttention(Operation):
    """Padded, rolled and partitioned; position bias and mask of shifted windows in one additive mask."""

    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(operands["x"])
        self.weights = [operands[f"attn.{name}"] for name in
                        ("qkv.weight", "qkv.bias", "proj.weight", "proj.bias")]
        self.norm = (operands["norm.weight"], operands["norm.bias"])
        self.heads, self.size = fields["heads"], fields["size"]
        full = fields["windowSize"]
        covers = [not fields["pads"] and n <= w for n, w in zip(self.size, full)]
        self.window = [n if covered else w for n, w, covered in zip(self.size, full, covers)]
        self.shift = [w // 2 if fields["isShifted"] and not covered else 0
                      for w, covered in zip(full, covers)]
        self.padded = [-(-n // w) * w for n, w in zip(self.size, self.window)]
        count = self.window[0] * self.window[1] * self.window[2]
        # Tokens are numbered as in the full window.
        places = torch.cartesian_prod(*(torch.arange(n) for n in full))[:count]
        difference = places[:, None] - places + torch.tensor(full) - 1
        spans = [2 * n - 1 for n in full]
        index = (difference[..., 0] * spans[1] + difference[..., 1]) * spans[2] + difference[..., 2]
        table = operands["attn.relative_position_bias_table"]
        self.mask = table[index.flatten()].reshape(count, count, -1).permute(2, 0, 1)[None].contiguous()
        if any(self.shift):
            regions = self.partitioned(self.regions()[..., None])[..., 0]
            apart = regions[:, :, None] != regions[:, None, :]
            self.mask = self.mask + apart[:, None] * -100.0

    def regions(self) -> Tensor:
        """[frames, height, width]: numbers of the parts that lay apart before the shift."""
        result = torch.zeros(self.padded)
        for axis, (length, window, shift) in enumerate(zip(self.padded, self.window, self.shift)):
            place = torch.arange(length)
            part = (place >= length - window).int() + (place >= length - shift).int()
            shape = [-1 if axis == other else 1 for other in range(3)]
            result = 3 * result + (part if shift else 0 * part).reshape(shape)
        return result

    def partitioned(self, x: Tensor) -> Tensor:
        """[windows, tokens, channels]."""
        (t, h, w), (a, b, c) = self.padded, self.window
        x = x.reshape(t // a, a, h // b, b, w // c, c, -1).permute(0, 2, 4, 1, 3, 5, 6)
        return x.reshape(-1, a * b * c, x.shape[-1])

    def joined(self, x: Tensor) -> Tensor:
        (t, h, w), (a, b, c) = self.padded, self.window
        x = x.reshape(t // a, h // b, w // c, a, b, c, -1).permute(0, 3, 1, 4, 2, 5, 6)
        return x.reshape(t, h, w, x.shape[-1])

    def forward(self, x: Tensor) -> Tensor:
        qkv_weight, qkv_bias, weight, bias = self.weights
        channels = self.norm[0].shape[0]
        tokens = F.layer_norm(x, (channels,), *self.norm)
        margins = [margin for padded, size in zip(self.padded[::-1], self.size[::-1])
                   for margin in (0, padded - size)]
        if any(margins):
            tokens = F.pad(tokens, [0, 0] + margins)
        if any(self.shift):
            tokens = torch.roll(tokens, [-n for n in self.shift], (0, 1, 2))
        qkv = F.linear(self.partitioned(tokens), qkv_weight, qkv_bias)
        q, k, v = qkv.reshape(qkv.shape[0], qkv.shape[1], 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        attended = F.scaled_dot_product_attention(q, k, v, self.mask).transpose(1, 2).flatten(2)
        tokens = self.joined(F.linear(attended, weight, bias))
        if any(self.shift):
            tokens = torch.roll(tokens, self.shift, (0, 1, 2))
        t, h, w = self.size
        return x + tokens[:t, :h, :w]


class SwinFeedForward(Operation):
    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(operands["x"])
        self.norm = (operands["norm.weight"], operands["norm.bias"])
        self.first = (operands["mlp.fc1.weight"], operands["mlp.fc1.bias"])
        self.second = (operands["mlp.fc2.weight"], operands["mlp.fc2.bias"])

    def forward(self, x: Tensor) -> Tensor:
        normed = F.layer_norm(x, self.norm[0].shape, *self.norm)
        return x + F.linear(F.gelu(F.linear(normed, *self.first)), *self.second)


class DeformableSampling(Operation):
    """Each level sampled by `grid_sample`, then the weighted sum."""

    def __init__(self, fields: Fields, operands: Operands) -> None:
        super().__init__(operands["values"], operands["offsets"], operands["logits"])
        self.levels = fields["levels"]
        self.references = operands["references"]
        if "queries" not in fields:
            self.references = torch.cat([
                torch.cartesian_prod((torch.arange(h) + 0.5) / h, (torch.arange(w) + 0.5) / w).flip(1)
                for h, w in self.levels])
        self.sizes = torch.tensor(self.levels).flip(1).float()[:, None]

    def forward(self, values: Tensor, offsets: Tensor, logits: Tensor) -> Tensor:
        frames, _, heads, width = values.shape
        queries, count = logits.shape[1], len(self.levels)
        weights = logits.reshape(frames, queries, heads, -1).softmax(-1)
        moves = offsets.reshape(frames, queries, heads, count, -1, 2) / self.sizes
        grids = 2 * (self.references[:, None, None, None] + moves) - 1
        samples, start = [], 0
        for level, (height, columns) in enumerate(self.levels):
            image = values[:, start:start + height * columns].permute(0, 2, 3, 1)
            image = image.reshape(frames * heads, width, height, columns)
            grid = grids[:, :, :, level].transpose(1, 2).flatten(0, 1)
            samples.append(F.grid_sample(image, grid, align_corners=False))
            start += height * columns
        weights = weights.transpose(1, 2).reshape(frames * heads, 1, queries, -1)
        result = (torch.cat(samples, -1) * weights).sum(-1)
        return result.reshape(frames, heads * width, queries).transpose(1, 2)


class Pass(Operation):
    def __init__(self, fields: Fields, operands: Operands) -> None:
        self.kind = fields["pass"]
        self.channels_first = self.kind in ("groupNorm", "upsampling", "maxPool")
        x = operands["x"]
        super().__init__(x[None] if self.kind == "groupNorm" else x)
        self.weights = (operands.get("weight"), operands.get("bias"))

    def forward(self, x: Tensor) -> Tensor:
        match self.kind:
            case "layerNorm": return F.layer_norm(x, x.shape[-1:], *self.weights)
            case "groupNorm": return F.group_norm(x, 4, *self.weights)
            case "softmax": return x.softmax(-1)
            case "gelu": return F.gelu(x)
            case "sum": return x + x
            case "upsampling": return F.interpolate(x, scale_factor=2.0, mode="bilinear")
            case "maxPool": return F.max_pool2d(x, 3, 2, 1)
        raise NotImplementedError(self.kind)


OPERATIONS = {kind.__name__: kind for kind in (
    LinearLayer, MatrixProduct, Convolution, DeformableConvolution, Attention, Propagation,
    SwinAttention, SwinFeedForward, DeformableSampling, Pass)}


class Torch:
    """PyTorch itself."""

    def __init__(self, threads: int) -> None:
        torch.set_num_threads(threads)

    def prepare(self, module: Operation) -> tuple[Run, list[Tensor]]:
        """How to run the module, and its result, channels last."""
        @torch.inference_mode()
        def run() -> None:
            module(*module.inputs)

        with torch.inference_mode():
            result = module(*module.inputs)
        return run, [channels_last(result) if module.channels_first else result]

    def prepare_backward(
        self, module: Operation, gradient: Tensor, sources: list[Tensor]
    ) -> tuple[Run, list[Tensor]]:
        """The way back through the module: gradients by `sources`, in our layout."""
        for source in sources:
            source.requires_grad_()
        result = module(*module.inputs)
        gradient = channels_first(gradient if gradient.dim() == result.dim() else gradient[None])

        def walk() -> tuple[Tensor, ...]:
            return torch.autograd.grad(result, sources, gradient, retain_graph=True)

        def run() -> None:
            walk()

        inputs = {id(x) for x in module.inputs}
        return run, [channels_last(found) if id(source) in inputs else found
                     for source, found in zip(sources, walk())]


class OpenVINO:
    """The module by OpenVINO's converter; results with channels last, as a whole network keeps them."""

    def __init__(self, threads: int) -> None:
        import openvino
        self.openvino = openvino
        self.settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1,
                         "INFERENCE_PRECISION_HINT": "f32"}

    def prepare(self, module: Operation) -> tuple[Run, list[Tensor]]:
        from openvino.preprocess import PrePostProcessor
        if isinstance(module, DeformableConvolution):
            model = self.deformable(module)
        else:
            model = self.openvino.convert_model(module, example_input=tuple(module.inputs))
            model.reshape({index: list(x.shape) for index, x in enumerate(module.inputs)})
        inputs = module.inputs
        if module.channels_first:
            # Without this each run would begin and end with a change of layout.
            steps = PrePostProcessor(model)
            for index, x in enumerate(inputs):
                first, last = ("NCDHW", "NDHWC") if x.dim() == 5 else ("NCHW", "NHWC")
                steps.input(index).tensor().set_layout(self.openvino.Layout(last))
                steps.input(index).model().set_layout(self.openvino.Layout(first))
                steps.output(0).tensor().set_layout(self.openvino.Layout(last))
                steps.output(0).model().set_layout(self.openvino.Layout(first))
            model = steps.build()
            inputs = [channels_last(x) for x in inputs]
        request = self.openvino.Core().compile_model(model, "CPU", self.settings).create_infer_request()
        arrays = [x.contiguous().numpy() for x in inputs]

        def run() -> None:
            request.infer(arrays, share_inputs=True, share_outputs=True)

        run()
        return run, [torch.from_numpy(request.get_output_tensor(0).data)]

    def deformable(self, module: Operation) -> Any:
        """OpenVINO's own operation, which PyTorch has none to be converted to."""
        from openvino import opset8
        x, offsets = (opset8.parameter(list(x.shape)) for x in module.inputs)
        result = opset8.deformable_convolution(
            x, offsets, opset8.constant(module.weight.numpy()), strides=[1, 1], pads_begin=[1, 1],
            pads_end=[1, 1], dilations=[1, 1], bilinear_interpolation_pad=True)
        return self.openvino.Model([result], [x, offsets])


class ONNXRuntime:
    """The module by PyTorch's exporter. Inputs and results of convolutions have the layout of ONNX."""

    def __init__(self, threads: int) -> None:
        import onnx
        import onnxruntime
        self.onnx, self.onnxruntime = onnx, onnxruntime
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.log_severity_level = 3

    def prepare(self, module: Operation) -> tuple[Run, list[Tensor]]:
        inputs = [x.contiguous() for x in module.inputs]
        names = [f"input{index}" for index in range(len(inputs))]
        if isinstance(module, DeformableConvolution):
            model = self.deformable(module, names)
        else:
            file = io.BytesIO()
            torch.onnx.export(module, tuple(inputs), file, input_names=names,
                              output_names=["result"], opset_version=20, dynamo=False)
            model = file.getvalue()
        session = self.onnxruntime.InferenceSession(
            model, self.options, providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        for name, x in zip(names, inputs):
            binding.bind_ortvalue_input(
                name, self.onnxruntime.OrtValue.ortvalue_from_numpy(x.numpy()))
        binding.bind_output("result")

        def run() -> None:
            session.run_with_iobinding(binding)

        run()
        result = torch.from_numpy(binding.copy_outputs_to_cpu()[0])
        return run, [channels_last(result) if module.channels_first else result]

    def deformable(self, module: Operation, names: list[str]) -> bytes:
        """The operation of ONNX itself, which PyTorch has none to be exported to."""
        helper, kind = self.onnx.helper, self.onnx.TensorProto.FLOAT
        node = helper.make_node("DeformConv", [names[0], "weight", names[1]], ["result"],
                                kernel_shape=[3, 3], pads=[1, 1, 1, 1])
        weight = self.onnx.numpy_helper.from_array(module.weight.numpy(), "weight")
        inputs = [helper.make_tensor_value_info(name, kind, list(x.shape))
                  for name, x in zip(names, module.inputs)]
        result = helper.make_tensor_value_info("result", kind, None)
        graph = helper.make_graph([node], "deformable", inputs, [result], [weight])
        opsets = [helper.make_opsetid("", 19)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()


LIBRARIES = {"torch": Torch, "openvino": OpenVINO, "onnxruntime": ONNXRuntime}


def prepare(library: Any, request: Fields) -> tuple[Run, list[Tensor]] | None:
    """How to run the workload with the library, and its results; None where it has no such operation."""
    operands = {operand["name"]: values(operand) for operand in request["operands"]}
    kind, fields = request["operation"], request["fields"]
    if not kind.endswith("Gradient"):
        with torch.no_grad():
            return library.prepare(OPERATIONS[kind](fields, operands).eval())
    if not isinstance(library, Torch):
        return None
    module = OPERATIONS[kind.removesuffix("Gradient")](fields["convolution"], operands)
    inputs = [] if fields.get("isOfImage") else module.inputs
    return library.prepare_backward(module, operands["gradient"], [*inputs, module.weight])


def samples(results: list[Tensor]) -> list[float]:
    """About a thousand numbers, evenly spread over all results."""
    flat = torch.cat([result.detach().reshape(-1) for result in results])
    return flat[::max(1, len(flat) // 1000)].tolist()


def median_time(run: Run, least: float) -> float:
    """The median of as many runs as fill `least` seconds."""
    times: list[float] = []
    while sum(times) < least:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description="Computes what `kernels --compare` asks for.")
    parser.add_argument("library", choices=LIBRARIES)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    try:
        library = LIBRARIES[options.library](options.threads)
    except ImportError as error:
        sys.exit(f"peers.py: {error.name} is missing: pip install {error.name}")
    run: Run | None = None
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any] = {}
        match request["request"]:
            case "hello":
                answer = {"ready": True}
            case "workload":
                run = None  # The last one's memory is free before the next one's is taken.
                if prepared := prepare(library, request):
                    run, results = prepared
                    answer = {"samples": samples(results)}
                    run()
            case "run" if run:
                run()  # Others had their turn: threads sleep, caches are theirs.
                answer = {"seconds": median_time(run, request["seconds"])}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
