"""The guided step of ../cases/guided-step.ts, with the same weights."""
import json
import math
import struct

import numpy as np
import torch

from blocks import Weights, decode, unet
from noise import noise


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    types = {"F32": np.float32, "F16": np.float16}
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], types[entry["dtype"]]).astype(np.float32)
        tensors[name] = torch.tensor(values.reshape(entry["shape"]))
    return Weights(tensors)


def load(folder):
    with open(f"{folder}/config.json") as file:
        config = json.load(file)
    return read_safetensors(f"{folder}/diffusion_pytorch_model.safetensors"), config


def prepare(args):
    unet_weights, unet_config = load(f"{args['folder']}/unet")
    vae_weights, vae_config = load(f"{args['folder']}/vae")
    batch, alpha_bar = args["batch"], args["alpha_bar"]
    resize = torch.tensor(args["resize"]["data"]).reshape(args["resize"]["shape"])
    small = resize.shape[0]
    z = noise([batch, 4, 16, 16], 1)
    c = noise([batch, *args["prompt"]], 2)
    y = noise([batch, 3, small, small], 3)

    def misfit(z):
        e = unet(unet_weights, unet_config, z, args["t"], c)
        z0 = (z - math.sqrt(1 - alpha_bar) * e) / math.sqrt(alpha_bar)
        x = decode(vae_weights, vae_config, z0 / vae_config["scaling_factor"])
        residual = y - resize @ x @ resize.T
        return residual.flatten(1).norm(dim=1).sum()

    return misfit, [z], True
