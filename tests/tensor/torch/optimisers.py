"""Prints what PyTorch's optimisers do with given gradients, for tests/tensor/optimisers_test.ts.

Pinned: torch 2.15.0, float64. Run: python tests/tensor/torch/optimisers.py > tests/tensor/torch/optimisers.json
"""
import json

import torch

START = [0.5, -1.25, 2.0, 0.0]
GRADIENTS = [[0.3, -0.2, 1.5, 0.0], [-0.1, -0.4, 0.5, 0.02], [0.7, 0.1, -2.0, -0.3], [0.2, 0.2, 0.2, 0.2]]
RATE = 0.05

CASES = {
    "adam": (torch.optim.Adam, dict(eps=1e-5)),
    "adamw": (torch.optim.AdamW, dict(betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    "rmsprop": (torch.optim.RMSprop, dict(alpha=0.9, eps=1e-5)),
    "rmspropCentred": (torch.optim.RMSprop, dict(alpha=0.9, eps=1e-2, centered=True, momentum=0.5, weight_decay=0.1)),
    "sgd": (torch.optim.SGD, dict()),
    "sgdMomentum": (torch.optim.SGD, dict(momentum=0.9, weight_decay=0.01)),
    "sgdNesterov": (torch.optim.SGD, dict(momentum=0.9, nesterov=True)),
}


def run(kind, settings):
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimiser = kind([theta], lr=RATE, **settings)
    steps = []
    for gradient in GRADIENTS:
        theta.grad = torch.tensor(gradient, dtype=torch.float64)
        optimiser.step()
        steps.append([round(x, 9) for x in theta.tolist()])
    return steps


print(json.dumps({"torch": torch.__version__.split("+")[0], "start": START, "rate": RATE, "gradients": GRADIENTS,
                  "theta": {name: run(*case) for name, case in CASES.items()}}, indent=2))
