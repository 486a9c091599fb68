"""deepinv's own DPS and DiffPIR on this harness's prior and operator (docs/external-solvers.md): `deepinv_adapter.py dps`.

deepinv works on pictures in [0,1], the harness in [-1,1]: x1 = 2 x0 - 1, and for a linear A y0 = (y + A(1)) / 2.
"""

import sys

import deepinv
import numpy as np
import torch
from tweedie_client import Problem, solve

torch.set_num_threads(1)


def array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().numpy().astype(np.float32)


class Predict(torch.autograd.Function):
    """The network's prediction at x_t, differentiated by the harness."""

    @staticmethod
    def forward(ctx, x, t, prior):
        ctx.x, ctx.t, ctx.prior = array(x), t, prior
        return torch.from_numpy(prior.predict(ctx.x, t).value)

    @staticmethod
    def backward(ctx, v):
        return torch.from_numpy(ctx.prior.predict_vjp(ctx.x, ctx.t, array(v))), None, None


class Measure(torch.autograd.Function):
    """A(x), differentiated by the harness."""

    @staticmethod
    def forward(ctx, x, A):
        ctx.x, ctx.A = array(x), A
        return torch.from_numpy(A(ctx.x))

    @staticmethod
    def backward(ctx, v):
        return torch.from_numpy(ctx.A.vjp(ctx.x, array(v))), None


class Denoiser(deepinv.models.Denoiser):
    """The prior as a denoiser of x + sigma n, in [0,1]: its network is told the time of that level, a real number."""

    def __init__(self, prior):
        super().__init__()
        self.prior = prior
        self.log_sigma = np.log(prior.noise / prior.signal)

    def forward(self, x, sigma, **_):
        sigma = 2 * float(torch.as_tensor(sigma).flatten()[0])
        t = float(np.interp(np.log(sigma), self.log_sigma, np.arange(len(self.log_sigma))))
        signal = 1 / np.sqrt(1 + sigma**2)
        noisy = 2 * x - 1
        clean = noisy - sigma * Predict.apply(signal * noisy, t, self.prior)
        return (clean + 1) / 2


class Physics(deepinv.physics.LinearPhysics):
    """The harness's linear operator, with its proximal map in closed form where it has one."""

    def __init__(self, problem: Problem):
        A = problem.operator
        super().__init__(
            A=lambda x, **_: Measure.apply(x, A),
            A_adjoint=lambda y, **_: torch.from_numpy(A.adjoint(array(y))),
            noise_model=deepinv.physics.GaussianNoise(problem.sigma / 2),
        )
        self.operator = A

    def prox_l2(self, z, y, gamma, **_):
        return torch.from_numpy(self.operator.proximal(array(y), array(z), 1 / float(gamma)))


def method(problem: Problem) -> np.ndarray:
    p, prior = problem.params, Denoiser(problem.prior)
    physics = Physics(problem)
    y = torch.from_numpy((problem.y + problem.operator(np.ones(problem.shape))) / 2)
    roles = iter(["initial"])  # The draws of deepinv become those of the pictures' own streams.
    normal = lambda x, *_, **__: torch.from_numpy(problem.normal(next(roles, "step"))).to(x.dtype)
    if sys.argv[1] == "dps":
        dps = deepinv.sampling.DPS(prior, num_steps=p["steps"] + 1, weight=p["weight"])
        start = normal(torch.empty(0, dtype=torch.float64))
        dps.solver.randn_like = normal
        x = dps(y, physics, x_init=start)
    else:
        torch.randn_like = normal
        fit = deepinv.optim.data_fidelity.L2()
        diffpir = deepinv.sampling.DiffPIR(prior, fit, max_iter=p["steps"], lambda_=p["lambda"], zeta=p["zeta"])
        x = diffpir(y, physics)
    return array(2 * x - 1)


solve(method)
