"""Times the official code of MED-VT or SeqFormer on this machine's CPU, to be held against `segment bench`.

    python Benchmarks/official.py --medvt CHECKOUT --model avos-swinb
    python Benchmarks/official.py --seqformer CHECKOUT --model seqformer-r50 --frames 20 --runs 1
    python Benchmarks/official.py --medvt CHECKOUT --model avos-swinb --runtime openvino --exported DIR

The last line is one JSON object: the seconds of every run after one that is not counted, their median, the
peak of the process's memory. The checkouts are a person's own, of github.com/rkyuca/medvt and
github.com/wjf5203/SeqFormer; nothing in them is changed. It needs torch and torchvision (CPU builds),
numpy, scipy, einops, and what `--runtime` names; whatever else the official code imports is not needed to run a
model and is replaced by an empty module. The compiled CUDA operator of SeqFormer is replaced by the plain
PyTorch function that its authors ship beside it. All is in 32-bit floats.

`--case FOLDER` runs the input of a reference case (see `segment verify`) and tells how far the results are from
the case's: that the right thing is timed.
"""

import argparse
import contextlib
import importlib.machinery
import importlib.util
import json
import math
import resource
import statistics
import struct
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np

MEDVT_MODELS = {"avos-swinb": "swinB", "avos-resnet101": "resnet101"}
SEQFORMER_MODELS = {"seqformer-r50": "resnet50", "seqformer-r101": "resnet101"}
NOT_NEEDED = ["timm", "yaml", "cv2", "pandas", "tqdm", "matplotlib", "pycocotools", "PIL",
              "MultiScaleDeformableAttention"]
FRAMES_OF_MEDVT = 6


# Made-up weights and inputs, by the rule of the reference cases

def made_up(name: str, shape: tuple[int, ...], base: float, scale: float) -> np.ndarray:
    """Values within `scale` of `base`, the same ones for a name everywhere: SplitMix64 from the name's hash."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    z = np.arange(1, math.prod(shape) + 1, dtype=np.uint64)
    z *= np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(state)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        z ^= z >> np.uint64(shift)
        z *= np.uint64(factor)
    unit = (z >> np.uint64(40)).astype(np.float32) * np.float32(2**-23) - np.float32(1)
    return (np.float32(base) + np.float32(scale) * unit).reshape(shape)


def usual_values(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    """Base and scale with which products keep the size of their inputs, and norms change little."""
    last = name.rpartition(".")[2]
    if last == "running_var":
        return 1, 0.5
    if len(shape) < 2:
        return (1, 0.1) if last in ("weight", "gamma") else (0, 0.05)
    return 0, math.sqrt(3 / math.prod(shape[1:]))


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The tensors of a file of 32-bit floats and bytes."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    types_of = {"F32": "<f4", "U8": "u1"}
    return {name: np.frombuffer(data[slice(*entry["data_offsets"])],
                                types_of[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items() if entry["dtype"] in types_of}


# The official models

class EmptyModule(types.ModuleType):
    """Stands for a module that is imported but not used."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> "EmptyModule":
        if name.startswith("__"):
            raise AttributeError(name)
        return EmptyModule(f"{self.__name__}.{name}")

    def __call__(self, *_: object, **__: object) -> "EmptyModule":
        return self


class EmptyModules:
    """Finds an empty module for each of NOT_NEEDED that is not installed."""

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        wanted = name.partition(".")[0] in NOT_NEEDED
        return importlib.util.spec_from_loader(name, self) if wanted else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> EmptyModule:
        return EmptyModule(spec.name)

    def exec_module(self, module: EmptyModule) -> None:
        if module.__name__ == "timm.models.layers":  # What Swin takes from it, in evaluation.
            import torch
            module.DropPath = lambda *_: torch.nn.Identity()
            module.trunc_normal_ = torch.nn.init.trunc_normal_


def adapt_torchvision() -> None:
    """The official code asks for trained ResNets, whose weights it then overwrites: none are downloaded."""
    import torchvision
    torchvision.__version__ = "1.0"  # SeqFormer takes 0.10 and later for 0.1.
    for name in ("resnet50", "resnet101"):
        make = getattr(torchvision.models, name)
        setattr(torchvision.models, name,
                lambda *, make=make, pretrained=False, **options: make(**options))


def medvt(checkout: Path, backbone: str, scale: float | None) -> tuple[object, Callable]:
    """The model, built as the published inference script builds it, and a function of frames and masks."""
    sys.path.insert(0, str(checkout))
    from avos.inference_swin_medvt_avos import get_args_parser
    from avos.utils.misc import NestedTensor
    options = argparse.ArgumentParser(parents=[get_args_parser()]).parse_args(
        ["--output_dir", "none", "--device", "cpu", "--backbone", backbone])
    options.aux_loss = options.aux_loss_norm = 0
    options.dilation = [False, False, False]  # The published script forgot it.
    if scale is not None:
        options.lprop_scale = scale
    if backbone == "resnet101":
        from avos.models.medvt_resnet import build_model as build
    else:
        from avos.models.medvtmm_swin_of import build_model_medvt_swinbackbone as build
    model = build(options)[0]
    return model, lambda frames, mask: {
        "pred_masks": model(NestedTensor(frames, mask))["pred_masks"]}


def seqformer(checkout: Path, backbone: str, frame_count: int) -> tuple[object, Callable]:
    """The same of SeqFormer, whose six levels of masks are all computed, as released."""
    sys.path.insert(0, str(checkout))
    sys.modules["datasets"] = EmptyModule("datasets")
    import torch
    from inference import get_args_parser
    from models import build_model
    from models.ops.functions.ms_deform_attn_func import ms_deform_attn_core_pytorch
    from models.ops.modules import ms_deform_attn
    from util.misc import NestedTensor
    options = argparse.ArgumentParser(parents=[get_args_parser()]).parse_args(
        ["--masks", "--device", "cpu", "--backbone", backbone])
    model = build_model(options)[0]
    model.detr.num_frames = frame_count

    known: list[list[int]] = []

    def sizes(shapes) -> list[list[int]]:
        """The heights and widths of the levels; an exporter cannot read them and is told those of the eager run."""
        if not torch.compiler.is_exporting():
            known[:] = shapes.tolist()
        return known

    class DeformableAttention:
        @staticmethod
        def apply(value, shapes, _starts, locations, weights, _step):
            return ms_deform_attn_core_pytorch(value, sizes(shapes), locations, weights)

    ms_deform_attn.MSDeformAttnFunction = DeformableAttention
    encoder = model.detr.transformer.encoder
    points = encoder.get_reference_points
    encoder.get_reference_points = lambda shapes, *others, **named: points(
        sizes(shapes), *others, **named)

    def run(frames, mask):
        outputs = model.inference(NestedTensor(frames, mask), frames.shape[-1], frames.shape[-2])
        return {name: outputs[name][0] for name in ("pred_logits", "pred_boxes", "pred_masks")}

    return model, run


def fill(model, case: dict | None) -> None:
    """Gives every floating tensor its made-up values: those of the case, or usual ones."""
    import torch
    listed = {entry["name"]: entry for entry in case["weights"]} if case else None
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if not tensor.is_floating_point() or listed is not None and name not in listed:
                continue
            shape = tuple(tensor.shape)
            base, scale = ((listed[name]["base"], listed[name]["scale"]) if listed is not None
                           else usual_values(name, shape))
            tensor.copy_(torch.from_numpy(made_up(name, shape, base, scale)))


# Runtimes: each gives a function of the frames

def eager(forward: Callable, frames) -> Callable[[], dict[str, np.ndarray]]:
    """PyTorch as it is."""
    import torch
    mask = torch.zeros(frames.shape[0], *frames.shape[2:], dtype=torch.bool)

    def run() -> dict[str, np.ndarray]:
        with torch.inference_mode():
            return {name: value.numpy() for name, value in forward(frames, mask).items()}

    return run


def exported_program(forward: Callable, model, frames):
    """The graph of `forward`. A test of a value is taken to hold: MED-VT's `std > 1e-10` is the only one."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.register_buffer(
                "mask", torch.zeros(frames.shape[0], *frames.shape[2:], dtype=torch.bool))

        def forward(self, frames):
            return tuple(forward(frames, self.mask).values())

    test = torch.Tensor.__bool__
    torch.Tensor.__bool__ = lambda self: True
    try:
        with torch.no_grad():
            return torch.export.export(Whole().eval(), (frames,), strict=False)
    finally:
        torch.Tensor.__bool__ = test


def openvino(path: Path, threads: int, frames: np.ndarray) -> Callable[[], list[np.ndarray]]:
    """OpenVINO with 32-bit floats: of itself it would take bfloat16 where the machine has it."""
    import openvino as ov
    core = ov.Core()
    compiled = core.compile_model(core.read_model(path), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY"})
    return lambda: list(compiled({0: frames}).values())


def onnxruntime(path: Path, threads: int, frames: np.ndarray) -> Callable[[], list[np.ndarray]]:
    """ONNX Runtime's CPU provider."""
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(path, options, ["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: frames})


def results_of(path: Path) -> Path:
    """Where the eager results lie: written last, they tell that the export is whole."""
    return path.with_name(path.name + ".npz")


def export(runtime: str, path: Path, forward: Callable, model, frames) -> None:
    """Writes the model for the runtime, with the eager results beside it for comparison."""
    results = eager(forward, frames)()  # Also fills the caches that the official code keeps.
    program = exported_program(forward, model, frames)
    path.parent.mkdir(parents=True, exist_ok=True)
    if runtime == "openvino":
        import openvino as ov
        ov.save_model(ov.convert_model(program), path, compress_to_fp16=False)
    else:
        import torch
        torch.onnx.export(program, (frames,), path, dynamo=True, external_data=True, optimize=False)
    np.savez(results_of(path), *results.values())


# The program

def report_differences(results: dict[str, np.ndarray], config: dict, tensors: dict) -> None:
    """Prints how far each result is from the case's, beside the case's own rounding error."""
    bounds = config["float32_vs_float64"]
    for name, value in results.items():
        for axis, start, step in config["subsample_axis_start_step"].get(name, []):
            value = np.take(value, np.arange(start, value.shape[axis], step), axis)
        difference = float(np.abs(value.reshape(tensors[name].shape) - tensors[name]).max())
        print(f"{name}: largest difference {difference:.2e}, float32 against float64 "
              f"{bounds[name]['max_abs_diff_f64']:.2e}, standard deviation {bounds[name]['std']:.2e}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--medvt", type=Path, help="a checkout of rkyuca/medvt")
    parser.add_argument("--seqformer", type=Path, help="a checkout of wjf5203/SeqFormer")
    parser.add_argument("--model", choices=[*MEDVT_MODELS, *SEQFORMER_MODELS], default="avos-swinb")
    parser.add_argument("--size", help="WIDTHxHEIGHT (default: 841x473, of SeqFormer 640x360)")
    parser.add_argument("--frames", type=int, default=5, help="of SeqFormer; MED-VT takes 6")
    parser.add_argument("--label-propagation-scale", type=float)
    parser.add_argument("--runtime", choices=["eager", "openvino", "onnxruntime"], default="eager")
    parser.add_argument("--exported", type=Path, default=Path(".build/exported"),
                        help="the folder of exported models: what is there is not exported again")
    parser.add_argument("--export-only", action="store_true", help="export, and time nothing")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--case", type=Path, help="a reference case to compare with, in place of timing")
    options = parser.parse_args()
    is_medvt = options.model in MEDVT_MODELS
    checkout = options.medvt if is_medvt else options.seqformer
    count = FRAMES_OF_MEDVT if is_medvt else options.frames
    default = "841x473" if is_medvt else "640x360"
    width, height = map(int, (options.size or default).split("x"))
    case, tensors = None, {}
    if options.case:
        case = json.loads((options.case / "case.json").read_text())
        tensors = read_safetensors(options.case / "tensors.safetensors")
        count, _, height, width = tensors["input"].shape
    frames = tensors.get("input")
    if frames is None:
        frames = np.random.default_rng(1).standard_normal((count, 3, height, width), np.float32)

    suffix = {"openvino": ".xml", "onnxruntime": ".onnx"}.get(options.runtime)
    scale = options.label_propagation_scale
    path = options.exported / "-".join(
        [options.model, f"{count}x{height}x{width}", *([f"scale{scale:g}"] if scale else [])])
    path = path.with_name(path.name + (suffix or ""))
    if suffix is None or options.case or not results_of(path).exists():
        if checkout is None:
            parser.error("the model's checkout is needed: --medvt or --seqformer")
        sys.meta_path.append(EmptyModules())
        import torch
        torch.set_num_threads(options.threads)
        with contextlib.redirect_stdout(sys.stderr):  # The official code prints what it builds.
            adapt_torchvision()
            model, forward = (medvt(checkout, MEDVT_MODELS[options.model], scale) if is_medvt
                              else seqformer(checkout, SEQFORMER_MODELS[options.model], count))
            fill(model, case)
            model.eval()
            if suffix and not options.case:
                export(options.runtime, path, forward, model, torch.from_numpy(frames))
    if options.export_only:
        return
    if suffix is None or options.case:
        run = eager(forward, torch.from_numpy(frames.copy()))
        version = f"torch {torch.__version__}"
    else:
        run = globals()[options.runtime](path, options.threads, frames)
        version = f"{options.runtime} {sys.modules[options.runtime].__version__}"
    first = run()
    if case:
        return report_differences(first, case["config"], tensors)
    seconds = []
    for _ in range(options.runs):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    # Before the eager results are read: they are not a part of the run.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    answer = {"model": options.model, "runtime": version, "frames": count, "height": height, "width": width,
              "threads": options.threads, "runs": seconds, "seconds": statistics.median(seconds),
              "peakBytes": peak}
    if suffix:
        with np.load(results_of(path)) as expected:
            answer["differenceFromEager"] = max(
                float(np.abs(a - b).max()) for a, b in zip(first, expected.values()))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
