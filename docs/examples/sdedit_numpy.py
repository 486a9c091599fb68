"""SDEdit under a text (Meng et al., ICLR 2022, arXiv 2108.01073, Algorithm 3) in numpy, with the harness's prior."""

import numpy as np
from tweedie_client import Problem, solve


def sdedit(problem: Problem) -> np.ndarray:
    prior, p = problem.prior, problem.params
    # diffusers' "leading" spacing with steps_offset 1, as the embedded prior was trained for.
    stride = len(prior.signal) // p["steps"]
    times = (np.arange(p["steps"]) * stride + 1)[: max(1, round(p["t0"] * p["steps"]))][::-1]
    c, u = prior.embed(problem.targets), prior.embed([""] * len(problem.images))

    e = problem.normal("initial")
    x = prior.signal[times[0]] * prior.encode(problem.x) + prior.noise[times[0]] * e
    for i, t in enumerate(times):
        known, free = prior.predict(x, t, c).value, prior.predict(x, t, u).value
        e = free + p["cfgScale"] * (known - free)
        x0 = (x - prior.noise[t] * e) / prior.signal[t]
        signal, noise = (prior.signal[t - stride], prior.noise[t - stride]) if t >= stride else prior.end
        x = signal * x0 + noise * e
        problem.progress(i + 1, len(times))
    return prior.decode(x)


solve(sdedit)
