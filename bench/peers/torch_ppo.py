"""A PPO update in PyTorch at one thread, asked by lines of JSON on stdin; see python.ts.

Written as CleanRL writes it: two tanh networks, clipped surrogate, squared value error, entropy bonus, gradient norm
clipped over both networks, Adam. Batch, permutation and first parameters come from the asker, so both sides compute
the same numbers. `tuned` takes the fused Adam and leaves out the checks of arguments.
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


def decoded(text, dtype):
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), dtype=dtype).copy())


def network(sizes):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers += [nn.Linear(a, b)] + ([nn.Tanh()] if i < len(sizes) - 2 else [])
    return nn.Sequential(*layers)


class Update:
    """Networks, optimiser and one rollout."""

    def __init__(self, job):
        self.hyper = job["hyper"]
        self.data = {name: decoded(text, np.float32) for name, text in job["data"].items()}
        self.data["obs"] = self.data["obs"].reshape(-1, job["actor"][0])
        self.data["action"] = self.data["action"].long()
        self.minibatches = decoded(job["permutation"], np.int32).long().reshape(-1, job["minibatch"])
        self.actor, self.critic = network(job["actor"]), network(job["critic"])
        self.theta = decoded(job["theta"], np.float32)
        self.parameters = [*self.actor.parameters(), *self.critic.parameters()]
        self.tuned = job["tuned"]
        self.restart()

    def restart(self):
        """First parameters (weights come as [from, to]), and an optimiser that has seen nothing."""
        at = 0
        with torch.no_grad():
            for p in self.parameters:
                piece = self.theta[at : at + p.numel()]
                p.copy_(piece.reshape(p.shape[1], p.shape[0]).T if p.dim() == 2 else piece)
                at += p.numel()
        self.adam = torch.optim.Adam(self.parameters, lr=self.hyper["rate"], eps=1e-5, fused=self.tuned)

    def step(self, rows):
        h, b = self.hyper, {name: values[rows] for name, values in self.data.items()}
        checks = False if self.tuned else None
        pi = torch.distributions.Categorical(logits=self.actor(b["obs"]), validate_args=checks)
        ratio = (pi.log_prob(b["action"]) - b["logp"]).exp()
        clipped = ratio.clamp(1 - h["clip"], 1 + h["clip"])
        policy = -torch.min(ratio * b["advantage"], clipped * b["advantage"]).mean()
        value = (self.critic(b["obs"]).squeeze(-1) - b["target"]).square().mean()
        entropy = pi.entropy().mean()
        loss = policy + h["value"] * value - h["entropy"] * entropy
        self.adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, h["maxNorm"])
        self.adam.step()
        return {"policy": policy, "value": value, "entropy": entropy}

    def check(self):
        """The losses of every minibatch of one update, from the first parameters."""
        self.restart()
        losses = [self.step(rows) for rows in self.minibatches]
        return {name: [float(one[name].detach()) for one in losses] for name in losses[0]}

    def run(self, seconds):
        """Whole updates for about `seconds` of CPU time; work in minibatches."""
        start = time.process_time()
        work = 0
        while time.process_time() - start < seconds:
            for rows in self.minibatches:
                self.step(rows)
            work += len(self.minibatches)
        return {"work": work, "seconds": time.process_time() - start}


def main():
    say({"version": f"{version('torch')} (CPython {python_version()}, 1 thread)"})
    update = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "load":
            update = Update(request["job"])
            say({})
        else:
            say(update.check() if request["op"] == "check" else update.run(request["seconds"]))


main()
