"""Answers timing requests, one JSON object a line: {"module", "args"} prepares a case, {"runs": n} times n runs of it.

A case is what `prepare(args)` of its module gives: a function, its inputs, and whether the time is that of its value or of
its gradient with regard to all inputs (the function's value is a scalar then). Arguments: threads; "eager" or "compiled"
(torch.compile, weights frozen where nothing is differentiated); PyTorch's device; "float32", "tf32" (as PyTorch allows it
in products and convolutions) or "float16" (its autocast).
"""
import importlib
import json
import sys
import time

import torch
from torch.utils.flop_counter import FlopCounterMode

SAMPLES = 64


def answer(value):
    print(json.dumps(value), flush=True)


def in_float16(f):
    def cast(*inputs):
        with torch.autocast(torch.get_default_device().type, torch.float16):
            return f(*inputs).float()

    return cast


def worker(f, inputs, gradient):
    if gradient:
        for x in inputs:
            x.requires_grad_()
        return lambda: torch.cat(torch.autograd.grad(f(*inputs), inputs), 0)

    def value():
        with torch.no_grad():
            return f(*inputs)

    return value


def operations(f, inputs, gradient):
    """Floating-point operations of products and convolutions, as PyTorch counts them where nothing is fused; null: none."""
    counter = FlopCounterMode(display=False)
    with counter, torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        worker(f, inputs, gradient)()
    return counter.get_total_flops() or None


def prepare(request, compiled, precision):
    f, inputs, gradient = importlib.import_module(request["module"]).prepare(request["args"])
    if precision == "float16":
        f = in_float16(f)
    count = None if compiled else operations(f, inputs, gradient)
    work = worker(torch.compile(f) if compiled else f, inputs, gradient)
    result = work().detach().flatten()
    return work, {"values": result[:: max(1, result.numel() // SAMPLES)].tolist(), "operations": count}


def main():
    threads, mode, device, precision = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.set_default_device(device)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    compiled = mode == "compiled"
    if compiled:
        torch._inductor.config.freezing = True
    answer({"version": torch.__version__})
    work = None
    for line in sys.stdin:
        request = json.loads(line)
        if "module" in request:
            torch._dynamo.reset()
            try:
                work, prepared = prepare(request, compiled, precision)
            except Exception as error:
                prepared = {"error": f"{type(error).__name__}: {error}"}
            answer(prepared)
        else:
            start = time.perf_counter()
            for _ in range(request["runs"]):
                work()
            if device != "cpu":
                torch.accelerator.synchronize()
            answer({"ms": (time.perf_counter() - start) * 1000 / request["runs"]})


main()
