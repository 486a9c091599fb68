"""The networks of ../cases/metric-networks.ts, their layers as that file hands them over."""
import math

import torch
import torch.nn.functional as F

from noise import noise


def weights(specs):
    tensors = {}
    for i, spec in enumerate(specs):
        centre = 1 if spec["kind"] == "normWeight" else 0
        scale = math.sqrt(6 / spec["fanIn"]) if spec["kind"] == "weight" else 0.1
        tensors[spec["name"]] = centre + scale * noise(spec["shape"], i)
    return tensors


def prepare(args):
    return {"inception": inception, "lpips": lpips}[args["network"]](args)


def inception(args):
    w = weights(args["specs"])

    def unit(name, x, stride, padding):
        h = F.conv2d(x, w[f"{name}.conv.weight"], stride=stride, padding=padding)
        bn = [w[f"{name}.bn.{key}"] for key in ("running_mean", "running_var", "weight", "bias")]
        return F.relu(F.batch_norm(h, *bn, eps=1e-3))

    def run(prefix, layer, x):
        padding = [(k - 1) // 2 for k in layer["kernel"]] if layer["stride"] == 1 else 0
        return unit(prefix + layer["name"], x, layer["stride"], padding)

    pools = {
        "halve": lambda x: F.max_pool2d(x, 3, 2),
        "max": lambda x: F.max_pool2d(x, 3, 1, 1),
        "average": lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False),
    }

    def forward(x):
        h = x
        for layer in args["stem"]:
            h = pools[layer](h) if isinstance(layer, str) else unit(layer["name"], h, layer["stride"], layer["padding"])
        for block in args["blocks"]:
            prefix, parts = f"{block['name']}.", []
            for branch in block["branches"]:
                part = pools[branch["pooling"]](h) if "pooling" in branch else h
                for layer in branch["units"]:
                    part = run(prefix, layer, part)
                parts += [run(prefix, layer, part) for layer in branch["split"]] if "split" in branch else [part]
            h = torch.cat(parts, 1)
        return h.mean((2, 3))

    return forward, [noise([args["batch"], 3, 299, 299], 1000)], False


def lpips(args):
    w = weights(args["specs"])
    shift = torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1)
    scale = torch.tensor([0.458, 0.448, 0.450]).view(1, 3, 1, 1)

    def conv(name, x, **options):
        return F.conv2d(x, w[f"{name}.weight"], w[f"{name}.bias"], **options)

    def features(x):
        taps, h = [], (x - shift) / scale
        for i, layer in enumerate(args["layers"]):
            name = f"features.{i}"
            if layer["kind"] == "conv":
                h = conv(name, h, stride=layer["stride"], padding=int(layer["padding"]))
            elif layer["kind"] == "relu":
                h = F.relu(h)
            elif layer["kind"] == "maxPool":
                h = F.max_pool2d(h, layer["size"], 2, ceil_mode=layer["ceil"])
            else:
                h = F.relu(conv(f"{name}.squeeze", h))
                h = torch.cat(
                    [F.relu(conv(f"{name}.expand1x1", h)), F.relu(conv(f"{name}.expand3x3", h, padding=1))], 1
                )
            if i in args["taps"]:
                taps.append(h)
        return taps

    def unit_length(f):
        return f / (f.square().sum(1, keepdim=True).sqrt() + 1e-10)

    def distance(a):
        pairs = zip(features(a), features(b))
        return sum((0.1 * (unit_length(f) - unit_length(g)) ** 2).sum(1).mean((1, 2)) for f, g in pairs)

    a = noise([1, 3, args["size"], args["size"]], 1000)
    b = noise([1, 3, args["size"], args["size"]], 1001)
    return (lambda a: distance(a).sum()) if args["gradient"] else distance, [a], args["gradient"]
