"""Answers timing requests, one JSON object a line: {"module", "args"} prepares a case, {"runs": n} times n runs of it.

A case is what `prepare(args)` of its module gives: a function, its inputs, and whether the time is that of its value or of
its gradient with regard to all inputs (the function's value is a scalar then). Arguments: threads, and "eager" or
"compiled" (torch.compile, weights frozen where nothing is differentiated).
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


def main():
    torch.set_num_threads(int(sys.argv[1]))
    compiled = sys.argv[2] == "compiled"
    if compiled:
        torch._inductor.config.freezing = True
    answer({"version": torch.__version__})
    work = None
    for line in sys.stdin:
        request = json.loads(line)
        if "module" in request:
            torch._dynamo.reset()
            f, inputs, gradient = importlib.import_module(request["module"]).prepare(request["args"])
            count = None if compiled else operations(f, inputs, gradient)
            work = worker(torch.compile(f) if compiled else f, inputs, gradient)
            result = work().detach().flatten()
            answer({"values": result[:: max(1, result.numel() // SAMPLES)].tolist(), "operations": count})
        else:
            start = time.perf_counter()
            for _ in range(request["runs"]):
                work()
            answer({"ms": (time.perf_counter() - start) * 1000 / request["runs"]})


main()
