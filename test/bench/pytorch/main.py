"""Answers timing requests, one JSON object a line: {"module", "args"} prepares a case, {"runs": n} times n runs of it."""
import importlib
import json
import sys
import time

import torch

SAMPLES = 64


def answer(value):
    print(json.dumps(value), flush=True)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    answer({"version": torch.__version__, "threads": torch.get_num_threads()})
    work = None
    for line in sys.stdin:
        request = json.loads(line)
        if "module" in request:
            work = importlib.import_module(request["module"]).prepare(request["args"])
            result = work().detach().flatten()
            answer({"values": result[:: max(1, result.numel() // SAMPLES)].tolist()})
        else:
            start = time.perf_counter()
            for _ in range(request["runs"]):
                work()
            answer({"ms": (time.perf_counter() - start) * 1000 / request["runs"]})


main()
