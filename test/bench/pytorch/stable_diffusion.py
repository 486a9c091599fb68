"""The networks of ../cases/stable-diffusion.ts, with the same weights."""
from blocks import Weights, decode, unet
from noise import noise, random_weights


def prepare(args):
    w, config = Weights(random_weights(args["specs"])), args["config"]
    side = args["side"]
    z, c, dy = noise([1, 4, side, side], 1), noise([1, *args["prompt"]], 2), noise(args["output"], 3)

    def forward(z):
        return decode(w, config, z) if args["network"] == "decoder" else unet(w, config, z, args["t"], c)

    if args["work"] == "gradient":
        return lambda z: (forward(z) * dy).sum(), [z], True
    return forward, [z], False
