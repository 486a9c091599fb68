"""The operators of ../cases/kernels.ts."""
import torch
import torch.nn.functional as F

from blocks import attend
from noise import noise

OPERATORS = {
    "conv3x3": lambda x, w, b: F.conv2d(x, w, b, padding=1),
    "norm_silu": lambda x, gamma, beta: F.silu(F.group_norm(x, 32, gamma, beta, 1e-5)),
    "attention": attend,
    "linear": F.linear,
}


def prepare(args):
    f = OPERATORS[args["op"]]
    x = [noise(shape, i).requires_grad_(args["gradient"]) for i, shape in enumerate(args["inputs"])]
    w = [noise(shape, 100 + i) for i, shape in enumerate(args["weights"])]
    if not args["gradient"]:

        def forward():
            with torch.no_grad():
                return f(*x, *w)

        return forward
    return lambda: torch.cat(torch.autograd.grad(f(*x, *w).square().sum(), x), 0)
