"""What `tweedie evaluate` computes, by torch-fidelity (FID) and pyiqa (the others), from two folders of PNG pictures.

  python peer.py METRIC GENERATED REFERENCE WEIGHTS HEADS THREADS

METRIC: fid, lpips, lpips-vgg, psnr or ssim. WEIGHTS and HEADS: folders of safetensors, of networks and of
LPIPS's layers of distances. Prints the number.
Pictures are decoded by Pillow in as many worker processes as there are threads, pairs in batches of 8; torch-fidelity
decodes in workers and batches of its own.
"""
import json
import os
import sys
import tempfile

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

METRIC, GENERATED, REFERENCE, WEIGHTS, HEADS = sys.argv[1:6]
THREADS = int(sys.argv[6])
torch.set_num_threads(THREADS)
BATCH = 8


def read_safetensors(path):
    raw = open(path, "rb").read()
    start = 8 + int.from_bytes(raw[:8], "little")
    tensors = {}
    for name, entry in json.loads(raw[8:start]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            values = np.frombuffer(raw[start + first : start + end], np.float32).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy())
    return tensors


class Pairs(Dataset):
    def __init__(self):
        self.names = sorted(os.listdir(REFERENCE))

    def __len__(self):
        return len(self.names)

    def __getitem__(self, i):
        return [unit(os.path.join(folder, self.names[i])) for folder in (GENERATED, REFERENCE)]


def unit(path):
    """As pyiqa reads a picture: RGB in [0,1], channels first."""
    return torch.from_numpy(np.asarray(Image.open(path).convert("RGB"))).permute(2, 0, 1).float() / 255


def fid():
    from torch_fidelity import calculate_metrics

    weights = read_safetensors(f"{WEIGHTS}/inception.safetensors")
    # Its network has the classifier, too, which no feature depends on.
    weights |= {"fc.weight": torch.zeros(1008, 2048), "fc.bias": torch.zeros(1008)}
    with tempfile.NamedTemporaryFile(suffix=".pth") as file:
        torch.save(weights, file.name)
        return calculate_metrics(
            input1=GENERATED, input2=REFERENCE, fid=True, cuda=False, cache=False, verbose=False,
            feature_extractor_weights_path=file.name,
        )["frechet_inception_distance"]


def lpips(net):
    from pyiqa.archs import lpips_arch

    # It would load torchvision's weights before ours.
    for name in ("alexnet", "vgg16"):
        make = getattr(lpips_arch.models, name)
        setattr(lpips_arch.models, name, lambda make=make, **_: make())
    model = lpips_arch.LPIPS(pretrained=False, net=net)
    trunk = read_safetensors(f"{WEIGHTS}/{net}.safetensors")
    state = read_safetensors(f"{HEADS}/lin_{net}.safetensors")
    for name in model.state_dict():
        if name.startswith("net."):
            state[name] = trunk["features." + name.split(".", 2)[2]]
        elif name.startswith("lins."):
            state[name] = state["lin" + name.split(".", 1)[1]]
        elif name.startswith("scaling_layer."):
            state[name] = model.state_dict()[name]
    model.load_state_dict(state)
    return mean(model)


def mean(metric):
    with torch.inference_mode():
        pairs = DataLoader(Pairs(), batch_size=BATCH, num_workers=THREADS)
        return torch.cat([metric(a, b).flatten().double() for a, b in pairs]).mean().item()


def main():
    if METRIC == "fid":
        return fid()
    if METRIC in ("lpips", "lpips-vgg"):
        return lpips("vgg" if METRIC == "lpips-vgg" else "alex")
    from pyiqa.archs.psnr_arch import PSNR
    from pyiqa.archs.ssim_arch import SSIM

    return mean(PSNR() if METRIC == "psnr" else SSIM(test_y_channel=False))


if __name__ == "__main__":
    print(json.dumps({"value": float(main())}))
