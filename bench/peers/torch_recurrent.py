"""An update of recurrent MAPPO in PyTorch at one thread; see torch_learner.py.

Written as MAPPO's authors write it (RNNLayer of on-policy): a chunk goes through nn.GRU in pieces, cut where an episode
of the minibatch begins; clipped surrogate, Huber value loss, entropy bonus, one Adam and one clipped norm for each of
actor and critic. `tuned` takes the fused Adam and leaves out the checks of arguments.
"""

from torch_learner import adam, nn, perceptron, put_gru, put_linear, put_perceptron, received, received_all, serve, torch


class Recurrent(nn.Module):
    def __init__(self, sizes, memory):
        super().__init__()
        *inner, out = sizes
        self.net = nn.Sequential(*perceptron(inner, nn.Tanh), nn.Tanh())
        self.gru = nn.GRU(inner[-1], memory)
        self.out = nn.Linear(memory, out)

    def put(self, named, prefix):
        put_perceptron(self.net, named, prefix)
        put_gru(self.gru, named, f"{prefix}.gru", "_l0")
        put_linear(self.out, named[f"{prefix}.out.w"], named[f"{prefix}.out.b"])

    def forward(self, x, hidden, first):
        """[U, L, I], [U, H] and [U, L] to [U, L, F]"""
        x, keep = self.net(x).transpose(0, 1), (1 - first).transpose(0, 1)
        length = x.shape[0]
        starts = [t for t in range(1, length) if bool((keep[t] == 0).any())]
        states, hidden = [], hidden.unsqueeze(0)
        for start, end in zip([0, *starts], [*starts, length]):
            out, hidden = self.gru(x[start:end], (hidden * keep[start].view(1, -1, 1)).contiguous())
            states.append(out)
        return self.out(torch.cat(states)).transpose(0, 1)


class Update:
    def __init__(self, job):
        self.hyper, self.tuned = job["hyper"], job["tuned"]
        self.data = received_all(job["data"])
        self.minibatches = received(job["permutation"])
        self.steps = len(self.minibatches)
        self.theta = {group: received_all(named) for group, named in job["theta"].items()}
        self.actor = Recurrent(job["actor"], job["memory"])
        self.critic = Recurrent(job["critic"], job["memory"])

    def restart(self):
        self.actor.put(self.theta["actor"], "pi")
        self.critic.put(self.theta["critic"], "reward")
        self.sides = [
            (list(net.parameters()), adam(list(net.parameters()), self.hyper[rate], self.tuned))
            for net, rate in ((self.actor, "actorRate"), (self.critic, "criticRate"))
        ]

    def step(self, i):
        h, rows = self.hyper, self.minibatches[i]
        b = {name: values[rows] for name, values in self.data.items()}
        acted, earns = b["acted"].sum(), b["earns"].sum()
        mean = lambda x: (x * b["acted"]).sum() / acted
        logits = self.actor(b["obs"], b["hidden"], b["first"])
        logits[b["mask"] == 0] = -1e9
        pi = torch.distributions.Categorical(logits=logits, validate_args=False if self.tuned else None)
        ratio = (pi.log_prob(b["action"]) - b["logp"]).exp()
        clipped = ratio.clamp(1 - h["clip"], 1 + h["clip"])
        policy = -mean(torch.min(ratio * b["advantage"], clipped * b["advantage"]))
        entropy = mean(pi.entropy())
        predicted = self.critic(b["criticObs"], b["criticHidden"], b["first"])
        errors = nn.functional.huber_loss(predicted, b["target"], reduction="none", delta=h["huber"])
        value = (errors.squeeze(-1) * b["earns"]).sum() / earns
        for loss, (parameters, optimiser) in zip((policy - h["entropy"] * entropy, value), self.sides):
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, h["maxNorm"])
            optimiser.step()
        return {"policy": policy, "value": value, "entropy": entropy}


serve(Update)
