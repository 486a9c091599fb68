"""DPS (Chung et al., ICLR 2023, arXiv 2209.14687, Algorithm 1) in numpy, with the harness's operator and prior."""

import numpy as np
from tweedie_client import Problem, solve


def dps(problem: Problem) -> np.ndarray:
    A, y, prior, p = problem.operator, problem.y, problem.prior, problem.params
    times = np.rint(np.linspace(0, len(prior.signal) - 1, p["steps"])).astype(int)
    bar = prior.signal[times] ** 2
    before = np.append(1, bar[:-1])
    beta = 1 - bar / before
    variance = beta * (1 - before) / (1 - bar)
    norm = lambda r: np.sqrt(np.sum(r**2, axis=tuple(range(1, r.ndim)), keepdims=True))

    x = problem.normal("initial")
    for i in reversed(range(len(times))):
        signal, noise = np.sqrt(bar[i]), np.sqrt(1 - bar[i])
        e, v = prior.predict(x, times[i])
        clean = (x - noise * e) / signal
        x0 = np.clip(clean, -1, 1)
        residual = A(x0) - y
        u = A.vjp(x0, residual / norm(residual)) * (np.abs(clean) <= 1)
        gradient = (u - noise * prior.predict_vjp(x, times[i], u)) / signal
        mean = (np.sqrt(before[i]) * beta[i] * x0 + np.sqrt(1 - beta[i]) * (1 - before[i]) * x) / (1 - bar[i])
        log_variance = ((1 + v) * np.log(beta[i]) + (1 - v) * np.log(variance[max(i, 1)])) / 2
        fresh = np.exp(log_variance / 2) * problem.normal() if i > 0 else 0
        x = mean + fresh - p["zeta"] * gradient
        problem.progress(len(times) - i, len(times))
    return x


solve(dps)
