"""The other side of Tweedie's protocol for external solvers (docs/external-solvers.md), version 1.

One file, standard library and numpy: copy it beside your method.

    from tweedie_client import Problem, solve

    def method(problem: Problem) -> numpy.ndarray:
        ...                      # pictures [B,C,H,W], float, about [-1,1]

    solve(method)

Standard output is the protocol's: `print` goes to standard error here, and from there into the log of a failed cell.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

import numpy as np

PROTOCOL = 1
Array = np.ndarray


class Prediction(NamedTuple):
    """What the network says of x_t: the noise e or v (`Prior.predicts`), and values that place a learned variance."""

    value: Array
    variance: Optional[Array]


class Operator:
    """A of y = A(x) + n, on pictures [B,C,H,W] in [-1,1]. What an operator lacks ends the batch, in words."""

    def __init__(self, harness: "_Harness", said: Dict[str, Any]):
        self._harness = harness
        self.name: str = said["name"]
        self.linear: bool = said["linear"]
        #: What it is made of, where it has that: "mask" [B,1,H,W], "kernel" [B,1,k,k]; "left", "right" of left @ x @ right.T.
        self.arrays: Dict[str, Array] = {name: harness.load(file) for name, file in said["arrays"].items()}

    def __call__(self, x: Array) -> Array:
        return self._harness.value("forward", x=x)

    def vjp(self, x: Array, v: Array) -> Array:
        """J^T v at x; of a linear operator the adjoint of v."""
        return self._harness.value("forwardVjp", x=x, v=v)

    def adjoint(self, y: Array) -> Array:
        return self._harness.value("adjoint", y=y)

    def pseudo_inverse(self, y: Array) -> Array:
        return self._harness.value("pseudoInverse", y=y)

    def proximal(self, y: Array, x0: Array, weight: float) -> Array:
        """argmin_x ||y - A x||^2 + weight ||x - x0||^2, for weight > 0."""
        return self._harness.value("proximal", y=y, x0=x0, **{"lambda": float(weight)})


class Prior:
    """A diffusion prior: x_t = signal[t] x_0 + noise[t] e for t = 0, the cleanest, to len(signal) - 1."""

    def __init__(self, harness: "_Harness", said: Dict[str, Any]):
        self._harness = harness
        self.name: str = said["name"]
        #: [c,h,w] of what it diffuses: pictures, or latents where `parts` has "autoencoder".
        self.shape: Tuple[int, ...] = tuple(said["shape"])
        #: "noise" or "v" = signal e - noise x_0.
        self.predicts: str = said["predicts"]
        #: Of "pixels", "autoencoder", "text", "clipImage", "learnedVariance".
        self.parts: List[str] = said["parts"]
        #: float64, [T].
        self.signal: Array = harness.load(said["signal"])
        self.noise: Array = harness.load(said["noise"])
        #: The same two of the clean end that a sampler lands on.
        self.end: Tuple[float, float] = (said["end"]["signal"], said["end"]["noise"])

    def predict(self, x: Array, t: float, c: Optional[Array] = None) -> Prediction:
        """Of x_t [B,c,h,w] at time t, under the embeddings c where it takes prompts."""
        got = self._harness.ask("predict", x=x, t=float(t), **({} if c is None else {"c": c}))
        return Prediction(got["value"], got.get("variance"))

    def predict_vjp(self, x: Array, t: float, v: Array, c: Optional[Array] = None) -> Array:
        """J^T v of the predicted value with respect to x."""
        return self._harness.value("predictVjp", x=x, t=float(t), v=v, **({} if c is None else {"c": c}))

    def encode(self, x: Array) -> Array:
        return self._harness.value("encode", x=x)

    def encode_vjp(self, x: Array, v: Array) -> Array:
        return self._harness.value("encodeVjp", x=x, v=v)

    def decode(self, z: Array) -> Array:
        return self._harness.value("decode", z=z)

    def decode_vjp(self, z: Array, v: Array) -> Array:
        return self._harness.value("decodeVjp", z=z, v=v)

    def embed(self, prompts: List[str]) -> Array:
        """Text embeddings [B,L,D], one prompt a picture."""
        return self._harness.value("embed", prompts=prompts)


class Problem:
    """A batch to solve."""

    def __init__(self, harness: "_Harness", said: Dict[str, Any]):
        self._harness = harness
        #: "restore", "invert", "edit", "generate" or "translate": what the description says that the method solves.
        self.kind: str = said["kind"]
        if self.kind == "restore":
            #: Measurement [B,...], the operator that made it, standard deviation of its noise and the noise's kind.
            self.y: Array = harness.load(said["y"])
            self.operator = Operator(harness, said["operator"])
            self.sigma: float = said["sigma"]
            self.noise: str = said["noise"]
        if self.kind in ("invert", "edit", "translate"):
            #: Pictures [B,C,H,W] in [-1,1].
            self.x: Array = harness.load(said["x"])
        if self.kind == "edit":
            #: What each picture is to show, and [B,1,H,W], 1 where it may change; None where the task does not tell that.
            self.targets: List[str] = said["targets"]
            self.mask: Optional[Array] = None if said["mask"] is None else harness.load(said["mask"])
        if self.kind == "translate":
            #: What the pictures' domain shows, and the other one.
            self.source: str = said["from"]
            self.target: str = said["to"]
        self.prior = Prior(harness, said["prior"])
        #: The method's parameters, complete with defaults.
        self.params: Dict[str, Any] = said["params"]
        #: {"name": "super-resolution", "params": {"factor": 4, ...}}; None where no experiment poses it.
        self.task: Optional[Dict[str, Any]] = said.get("task")
        #: [{"id": ..., "seed": ...}] of each picture: seed your own generator by both, so that no batch changes a result.
        self.images: List[Dict[str, Any]] = said["images"]
        #: What each picture shows, or is to show where it is generated; None where nobody says it: in a restoration no
        #: parameter asks for it, or the data have none.
        self.captions: Optional[List[str]] = said.get("captions")
        #: [B,C,H,W] of the result.
        self.shape: Tuple[int, ...] = (len(self.images), *said["imageShape"])

    def normal(self, role: str = "step") -> Array:
        """Standard normal [B,c,h,w], the next of each picture's own stream: "initial" for the start, "step" for the rest."""
        return self._harness.value("normal", role=role)

    def progress(self, done: int, total: int) -> None:
        """Tells that `done` of `total` steps are over."""
        self._harness.say({"type": "progress", "done": int(done), "total": int(total)})

    def trace(self, **scalars: Any) -> None:
        """Numbers of the step that `progress` has told last, one or one a picture: kept by `tweedie run --trace` alone."""
        said = {name: _finite(np.asarray(value, np.float64).tolist()) for name, value in scalars.items()}
        self._harness.say({"type": "trace", "scalars": said})


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return value if np.isfinite(value) else None


class _Harness:
    def __init__(self) -> None:
        self._output = sys.stdout
        sys.stdout = sys.stderr
        self.scratch = ""
        self._saved = 0

    def say(self, message: Dict[str, Any]) -> None:
        self._output.write(json.dumps(message) + "\n")
        self._output.flush()

    def hear(self) -> Optional[Dict[str, Any]]:
        line = sys.stdin.readline()
        return json.loads(line) if line else None

    def save(self, array: Array) -> str:
        self._saved += 1
        name = f"program-{self._saved}.npy"
        np.save(os.path.join(self.scratch, name), np.ascontiguousarray(array, dtype=np.float32))
        return name

    def load(self, name: str) -> Array:
        path = os.path.join(self.scratch, name)
        array = np.load(path)
        os.remove(path)
        return array

    def ask(self, op: str, **given: Any) -> Dict[str, Array]:
        sent = {name: self.save(it) if isinstance(it, np.ndarray) else it for name, it in given.items()}
        self.say({"type": "evaluate", "op": op, **sent})
        answer = self.hear()
        if answer is None:  # The harness has said why in its own log.
            raise SystemExit(1)
        return {name: self.load(file) for name, file in answer.items() if name != "type"}

    def value(self, op: str, **given: Any) -> Array:
        return self.ask(op, **given)["value"]


def solve(method: Callable[[Problem], Array]) -> None:
    """Solves what the harness asks for until it asks for nothing more."""
    harness = _Harness()
    while (said := harness.hear()) is not None:
        if said["protocol"] != PROTOCOL:
            harness.say({"type": "error", "message": f"expected protocol {PROTOCOL}, found {said['protocol']}"})
            return
        harness.scratch = said["scratch"]
        harness.say({"type": "result", "x": harness.save(np.asarray(method(Problem(harness, said))))})
