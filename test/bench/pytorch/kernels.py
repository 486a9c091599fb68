"""The operators of ../cases/kernels.ts."""
import torch
import torch.nn.functional as F

from blocks import attend
from noise import noise


def blur(x, kernel):
    """Under reflection, each channel by the same kernel."""
    channels, reach = x.shape[1], kernel.shape[-1] // 2
    return F.conv2d(F.pad(x, [reach] * 4, "reflect"), kernel.expand(channels, -1, -1, -1), groups=channels)


OPERATORS = {
    "conv3x3": lambda x, w, b: F.conv2d(x, w, b, padding=1),
    "norm_silu": lambda x, gamma, beta: F.silu(F.group_norm(x, 32, gamma, beta, 1e-5)),
    "attention": attend,
    "linear": F.linear,
    "blur": blur,
}


def prepare(args):
    operator = OPERATORS[args["op"]]
    x = [noise(shape, i) for i, shape in enumerate(args["inputs"])]
    w = [noise(shape, 100 + i) for i, shape in enumerate(args["weights"])]
    if args["gradient"]:
        return lambda *x: operator(*x, *w).square().sum(), x, True
    return lambda *x: operator(*x, *w), x, False
