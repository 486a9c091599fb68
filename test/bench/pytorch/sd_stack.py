"""The blocks of ../cases/sd-stack.ts, with the same weights."""
import torch

from blocks import Weights, resnet, transformer2d
from noise import noise, random_weights


def prepare(args):
    w = Weights(random_weights(args["specs"]))
    shape = [1, args["channels"], args["side"], args["side"]]
    z, y = noise(shape, 1), noise(shape, 4)
    c, time = noise([1, *args["context"]], 2), noise([1, args["time"]], 3)

    def stack(z):
        h = resnet(w.scope("resnets.0"), z, time, 32, 1e-5)
        h = transformer2d(w.scope("attentions.0"), h, c, args["heads"], 32, False)
        return resnet(w.scope("resnets.1"), h, time, 32, 1e-5)

    if args["guided"]:
        return lambda z: (y - stack(z)).norm(), [z], True
    return stack, [z], False
