"""The numbers of ../noise.ts and ../random-weights.ts."""
import math

import numpy as np
import torch


def noise(shape, seed):
    count = int(np.prod(shape))
    h = np.arange(count, dtype=np.uint32)
    with np.errstate(over="ignore"):
        h = (h ^ np.uint32((seed * 0x9E3779B1) & 0xFFFFFFFF)) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(15))) * np.uint32(0xC2B2AE35)
    h = h ^ (h >> np.uint32(13))
    values = (h.astype(np.float64) / 2**31 - 1).astype(np.float32)
    return torch.tensor(values.reshape(tuple(shape)))


def random_weights(specs):
    tensors = {}
    for i, spec in enumerate(specs):
        bound = 1 / math.sqrt(spec["fanIn"]) if spec["fanIn"] > 0 else 1
        tensors[spec["name"]] = noise(spec["shape"], 10 + i) * bound
    return tensors
