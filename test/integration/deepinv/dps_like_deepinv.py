"""deepinv 0.5's DPS written out in numpy: what docs/external-solvers.md says of how it differs from the paper's."""

import numpy as np
from tweedie_client import Problem, solve


def dps(problem: Problem) -> np.ndarray:
    A, y, prior, p = problem.operator, problem.y, problem.prior, problem.params
    # The variance-preserving SDE with beta from 0.1 to 20, at evenly spaced times: x_t = s (x_0 + sigma e).
    t = np.linspace(1, 0, p["steps"] + 1)
    s = np.exp(-0.05 * t - 0.25 * t**2 * (20 - 0.1))
    sigma = np.sqrt(1 / s**2 - 1)
    log_sigma = np.log(prior.noise / prior.signal)
    norm = lambda r: np.sqrt(np.sum(r**2, axis=tuple(range(1, r.ndim)), keepdims=True))

    x = problem.normal("initial")
    for i in range(p["steps"]):
        time = float(np.interp(np.log(sigma[i]), log_sigma, np.arange(len(log_sigma))))
        noisy, signal = x / s[i], 1 / np.sqrt(1 + sigma[i] ** 2)
        clean = noisy - sigma[i] * prior.predict(signal * noisy, time).value
        # Clipped to [-1,1] as a picture in [0,1].
        x0 = np.clip(clean, -3, 1)
        residual = A(x0) - y
        u = A.vjp(x0, residual / norm(residual)) * (x0 == clean)
        gradient = (u - sigma[i] * signal * prior.predict_vjp(signal * noisy, time, u)) / s[i]
        # Half the weight, times what a step makes of the score: about beta_t.
        share = 1 - (sigma[i + 1] / sigma[i]) ** 2
        score = (s[i] * x0 - x) / (s[i] * sigma[i]) ** 2 - 0.5 * p["weight"] * gradient
        x = s[i + 1] / s[i] * x + s[i] * s[i + 1] * sigma[i] ** 2 * share * score
        if i < p["steps"] - 1:
            x = x + s[i + 1] * sigma[i + 1] * np.sqrt(share) * problem.normal()
        problem.progress(i + 1, p["steps"])
    return x


solve(dps)
