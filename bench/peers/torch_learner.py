"""What the PyTorch peers of learners share: they are asked by lines of JSON on stdin; see python.ts.

A script calls `serve(Update)`. `Update(job)` makes networks, optimiser and data from what the asker sent, `restart()`
goes back to the first parameters, `step(i)` does one gradient step and returns its losses, and `steps` is their number
in one round.
"""

import base64
import json
import sys
import time
from importlib.metadata import version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)

torch.set_num_threads(1)


def received(sent):
    """An array as `sent` in learner.ts wrote it."""
    found = np.frombuffer(base64.b64decode(sent["base64"]), dtype=sent["dtype"]).copy()
    tensor = torch.from_numpy(found).reshape(sent["shape"])
    return tensor.long() if sent["dtype"] == "int32" else tensor


def received_all(record):
    return {name: received(sent) for name, sent in record.items()}


def perceptron(sizes, activation):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers += [nn.Linear(a, b)] + ([activation()] if i < len(sizes) - 2 else [])
    return nn.Sequential(*layers)


def put_linear(layer, weight, bias):
    """Weights come as [from, to]."""
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        layer.bias.copy_(bias)


def put_perceptron(net, named, prefix):
    linear = [layer for layer in net if isinstance(layer, nn.Linear)]
    for i, layer in enumerate(linear):
        put_linear(layer, named[f"{prefix}.w{i}"], named[f"{prefix}.b{i}"])


def put_gru(gru, named, prefix, suffix=""):
    """An nn.GRU (suffix "_l0") or nn.GRUCell. Where the asker's gates r and z have one bias, the second is held at 0."""
    parameters = {part: getattr(gru, part + suffix) for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    with torch.no_grad():
        if f"{prefix}.bn" not in named:
            values = [named[f"{prefix}.{part}"] for part in ("x.w", "h.w", "x.b", "h.b")]
        else:
            rows = 2 * gru.hidden_size
            second = torch.cat([torch.zeros(rows), named[f"{prefix}.bn"]])
            values = [named[f"{prefix}.{part}"] for part in ("wx", "wh", "b")] + [second]
            held = (torch.arange(3 * gru.hidden_size) >= rows).float()
            if not parameters["bias_hh"]._backward_hooks:
                parameters["bias_hh"].register_hook(lambda gradient: gradient * held)
        for parameter, value in zip(parameters.values(), values):
            parameter.copy_(value.T if value.dim() == 2 else value)


def adam(parameters, rate, tuned):
    return torch.optim.Adam(parameters, lr=rate, eps=1e-5, fused=tuned)


def serve(make):
    say({"version": f"{version('torch')} (CPython {python_version()}, 1 thread)"})
    update = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "load":
            update = make(request["job"])
            update.restart()
            say({})
        elif request["op"] == "check":
            update.restart()
            losses = [update.step(i) for i in range(update.steps)]
            say({name: [float(one[name].detach()) for one in losses] for name in losses[0]})
        else:
            start = time.process_time()
            work = 0
            while time.process_time() - start < request["seconds"]:
                for i in range(update.steps):
                    update.step(i)
                work += update.steps
            say({"work": work, "seconds": time.process_time() - start})
