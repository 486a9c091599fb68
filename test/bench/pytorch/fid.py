"""The distance of ../cases/fid.ts by scipy.linalg.sqrtm, as pytorch-fid computes it."""
import numpy as np
import torch
from scipy import linalg

from noise import noise


def features(args, seed, shift):
    n, d = args["pictures"], args["features"]
    return ((noise([n, d], seed).cpu().numpy().astype(np.float64) + shift) / np.sqrt(np.arange(1, d + 1))).astype(np.float32)


def prepare(args):
    a, b = features(args, 1, 0), features(args, 2, 0.1)

    def distance():
        (mu1, sigma1), (mu2, sigma2) = ((np.mean(f, axis=0), np.cov(f, rowvar=False)) for f in (a, b))
        root, _ = linalg.sqrtm(sigma1.dot(sigma2), disp=False)
        shift = mu1 - mu2
        value = shift.dot(shift) + np.trace(sigma1) + np.trace(sigma2) - 2 * np.trace(root.real)
        return torch.tensor([value])

    return distance, [], False
